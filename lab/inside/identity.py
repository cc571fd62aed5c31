"""identity.py CATALOG: users, projects, roles and the service catalog in Keystone, made once and corrected later.

CATALOG is JSON: a list of [service type, name, URL]. Running it again changes only what differs.
"""

import json
import sys

import openstack

SERVICE_USERS = ("ironic", "glance", "neutron", "cinder", "corral")
PEOPLE = {"demo": "member", "reader": "reader"}


class Identity:
    """Finds a thing by name or makes it."""

    def __init__(self):
        self.api = openstack.connect(cloud="admin").identity
        self.roles = {role.name: role for role in self.api.roles()}
        self.users = {user.name: user for user in self.api.users()}
        self.projects = {project.name: project for project in self.api.projects()}
        self.services = {service.type: service for service in self.api.services()}

    def role(self, name):
        return self.roles.get(name) or self.roles.setdefault(name, self.api.create_role(name=name))

    def user(self, name):
        return self.users.get(name) or self.users.setdefault(
            name, self.api.create_user(name=name, password=name, domain_id="default")
        )

    def project(self, name):
        return self.projects.get(name) or self.projects.setdefault(
            name, self.api.create_project(name=name, domain_id="default")
        )

    def allow(self, user, project, *roles):
        for role in roles:
            self.api.assign_project_role_to_user(self.project(project), self.user(user), self.role(role))

    def allow_system(self, user):
        self.api.assign_system_role_to_user(self.user(user), self.role("admin"), "all")

    def publish(self, kind, name, url):
        """One service with its three endpoints at this URL."""
        service = self.services.get(kind) or self.api.create_service(type=kind, name=name)
        endpoints = {point.interface: point for point in self.api.endpoints(service_id=service.id)}
        for interface in ("public", "internal", "admin"):
            point = endpoints.get(interface)
            if point is None:
                self.api.create_endpoint(service_id=service.id, interface=interface, url=url, region_id="RegionOne")
            elif point.url != url:
                self.api.update_endpoint(point, url=url)


def main():
    identity = Identity()
    for user in SERVICE_USERS:
        identity.allow(user, "service", "admin", "service")
        identity.allow_system(user)
    identity.allow_system("admin")
    for user, role in PEOPLE.items():
        identity.allow(user, "demo", role)
    for kind, name, url in json.loads(sys.argv[1]):
        identity.publish(kind, name, url)


main()
