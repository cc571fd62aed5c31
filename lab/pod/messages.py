"""Redfish's messages, from the registries Base and Composition, and the errors that carry them."""

from __future__ import annotations

from typing import Any

_BASE, _COMPOSITION = "Base.1.22", "Composition.1.1"
_MESSAGES: dict[str, tuple[str, str, str, str]] = {
    # key: registry, text with %1 …, severity, resolution
    "Success": (_BASE, "The request completed successfully.", "OK", "None."),
    "GeneralError": (
        _BASE,
        "A general error has occurred.  See Resolution for information on how to resolve the error, or "
        "@Message.ExtendedInfo if Resolution is not provided.",
        "Critical",
        "None.",
    ),
    "InternalError": (
        _BASE,
        "The request failed due to an internal service error.  The service is still operational.",
        "Critical",
        "Resubmit the request.",
    ),
    "MalformedJSON": (
        _BASE,
        "The request body submitted was malformed JSON and could not be parsed by the receiving service.",
        "Critical",
        "Ensure that the request body is valid JSON and resubmit the request.",
    ),
    "PropertyUnknown": (
        _BASE,
        "The property %1 is not in the list of valid properties for the resource.",
        "Warning",
        "Remove the unknown property from the request body and resubmit the request.",
    ),
    "PropertyNotWritable": (
        _BASE,
        "The property %1 is a read-only property and cannot be assigned a value.",
        "Warning",
        "Remove the property from the request body and resubmit the request.",
    ),
    "PropertyMissing": (
        _BASE,
        "The property %1 is a required property and must be included in the request.",
        "Warning",
        "Ensure that the property is in the request body and has a valid value and resubmit the request.",
    ),
    "PropertyValueNotInList": (
        _BASE,
        "The value '%1' for the property %2 is not in the list of acceptable values.",
        "Warning",
        "Choose a value from the enumeration list and resubmit the request.",
    ),
    "PropertyValueTypeError": (
        _BASE,
        "The value '%1' for the property %2 is not a type that the property can accept.",
        "Warning",
        "Correct the value for the property in the request body and resubmit the request.",
    ),
    "ActionParameterMissing": (
        _BASE,
        "The action %1 requires the parameter %2 to be present in the request body.",
        "Critical",
        "Supply the action with the required parameter in the request body when the request is resubmitted.",
    ),
    "ActionParameterValueNotInList": (
        _BASE,
        "The value '%1' for the parameter %2 in the action %3 is not in the list of acceptable values.",
        "Warning",
        "Choose a value from the enumeration list and resubmit the request.",
    ),
    "NoOperation": (
        _BASE,
        "The request body submitted contain no data to act upon and no changes to the resource took place.",
        "Warning",
        "Add properties in the JSON object and resubmit the request.",
    ),
    "ResourceMissingAtURI": (
        _BASE,
        "The resource at the URI '%1' was not found.",
        "Critical",
        "Place a valid resource at the URI or correct the URI and resubmit the request.",
    ),
    "OperationNotAllowed": (_BASE, "The HTTP method is not allowed on this resource.", "Critical", "None."),
    "ResourceInUse": (
        _BASE,
        "The change to the requested resource failed because the resource is in use or in transition.",
        "Warning",
        "Remove the condition and resubmit the request if the operation failed.",
    ),
    "ResourceAlreadyExists": (
        _BASE,
        "The requested resource of type %1 with the property %2 with the value '%3' already exists.",
        "Critical",
        "Do not repeat the create operation as the resource has already been created.",
    ),
    "PreconditionFailed": (
        _BASE,
        "The ETag supplied did not match the ETag required to change this resource.",
        "Critical",
        "Try the operation again using the appropriate ETag.",
    ),
    "QueryNotSupported": (
        _BASE,
        "Querying is not supported by the implementation.",
        "Warning",
        "Remove the query parameters and resubmit the request if the operation failed.",
    ),
    "NoValidSession": (
        _BASE,
        "There is no valid session established with the implementation.",
        "Critical",
        "Establish a session before attempting any operations.",
    ),
    "InsufficientPrivilege": (
        _BASE,
        "There are insufficient privileges for the account or credentials associated with the current session to perform "
        "the requested operation.",
        "Critical",
        "Either abandon the operation or change the associated access rights and resubmit the request if the operation failed.",
    ),
    "ResourceBlockCompositionStateChanged": (
        _COMPOSITION,
        "The composition status of the resource block '%1' has changed.",
        "OK",
        "None.",
    ),
    "ResourceBlockInUse": (
        _COMPOSITION,
        "Resource block '%1' cannot be part of any new compositions.",
        "Warning",
        "Remove the resource block from the request and resubmit the request.",
    ),
    "ResourceBlockNotFound": (
        _COMPOSITION,
        "Resource block '%1' was not found.",
        "Critical",
        "Remove the resource block and resubmit the request.",
    ),
    "ResourceBlockInvalid": (
        _COMPOSITION,
        "Resource block '%1' is not valid.",
        "Critical",
        "Remove the resource block and resubmit the request.",
    ),
    "NoResourceMatch": (
        _COMPOSITION,
        "The requested resources of type '%1' are not available for allocation.",
        "Critical",
        "Change parameters associated with the resource, such as quantity or performance, and resubmit the request.",
    ),
    "IncompatibleZone": (
        _COMPOSITION,
        "The requested resource blocks span multiple resource zones.",
        "Critical",
        "Request resource blocks from the same resource zone.",
    ),
    "EmptyManifest": (
        _COMPOSITION,
        "The provided manifest is empty or a stanza in the manifest contains no request.",
        "Warning",
        "Provide a request content for the manifest and resubmit.",
    ),
    "SpecifiedResourceAlreadyReserved": (
        _COMPOSITION,
        "Resource block '%1' is already reserved under reservation '%2'.",
        "Critical",
        "Delete the reservation containing the resource block or select a different resource block and resubmit the request.",
    ),
}


class Failed(Exception):
    """A request that is answered with an error: its HTTP status, and one message of a registry."""

    def __init__(self, status: int, key: str, *args: str) -> None:
        super().__init__(key, *args)
        self.status, self.key, self.arguments = status, key, args

    @property
    def body(self) -> dict[str, Any]:
        return error(message(self.key, *self.arguments))


def message(key: str, *arguments: str) -> dict[str, Any]:
    """One message, as Message.v1_2_0."""
    registry, text, severity, resolution = _MESSAGES[key]
    for number, argument in enumerate(arguments, 1):
        text = text.replace(f"%{number}", argument)
    return {
        "@odata.type": "#Message.v1_2_0.Message",
        "MessageId": f"{registry}.{key}",
        "Message": text,
        "MessageArgs": list(arguments),
        "MessageSeverity": severity,
        "Resolution": resolution,
    }


def error(first: dict[str, Any]) -> dict[str, Any]:
    """The body of an error answer."""
    return {"error": {"code": first["MessageId"], "message": first["Message"], "@Message.ExtendedInfo": [first]}}
