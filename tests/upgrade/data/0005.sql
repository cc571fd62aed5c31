BEGIN TRANSACTION;
CREATE TABLE atomdetails (
	created_at DATETIME, 
	updated_at DATETIME, 
	meta TEXT, 
	parent_uuid VARCHAR(64), 
	name VARCHAR(255), 
	version VARCHAR(64), 
	state VARCHAR(255), 
	uuid VARCHAR(64) NOT NULL, 
	failure TEXT, 
	results TEXT, 
	revert_results TEXT, 
	revert_failure TEXT, 
	atom_type VARCHAR(12), 
	intention VARCHAR(7), 
	PRIMARY KEY (uuid), 
	FOREIGN KEY(parent_uuid) REFERENCES flowdetails (uuid) ON DELETE CASCADE, 
	UNIQUE (uuid)
);
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.633916','2026-11-21 11:43:37.737085','{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','observe','1.0','SUCCESS','d87d564f-a1d5-4ec3-b179-e30e411254a6',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000009000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000009", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000009000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000009000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000009000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000009000002", "made": false, "plugged": true}, {"port": "807f702e-0557-4725-a1d9-ad43fa1c9cc1", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.634208',NULL,'{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','unplug','1.0','PENDING','fef463fc-cf10-42fa-9cae-fdee83f0cc7e',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.634440',NULL,'{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','restore_ports','1.0','PENDING','f7e3b606-968b-4a53-a945-2241314cfeda',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.634729',NULL,'{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','release','1.0','PENDING','d70a0741-58f5-4f03-961d-5077a790e0b1',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.634963',NULL,'{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','verify','1.0','PENDING','e31fa3ca-69be-4bea-ae77-ab81f4465a06',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.635174',NULL,'{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','delete_ports','1.0','PENDING','dbe01675-1a8a-4253-9cb6-116fb6d4795a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.635380',NULL,'{}','2928bcd2-dca3-4338-a87a-43fda5f0351b','forget','1.0','PENDING','135ea6be-194a-4222-a708-3a9279481d22',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.838329','2026-11-21 11:43:39.642594','{}','b42bc654-89ab-4df9-b43a-83c698a08a00','observe','1.0','SUCCESS','1dad1600-409f-42ca-90a1-fd555064c136',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000010000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000010", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000010000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000010000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000010000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000010000002", "made": false, "plugged": true}, {"port": "72b69ebd-6b85-4e3d-b863-71d5ba5a64ee", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.838716',NULL,'{}','b42bc654-89ab-4df9-b43a-83c698a08a00','unplug','1.0','PENDING','a2a9e159-b6a5-4ba0-af61-c9668f8c394a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.838953',NULL,'{}','b42bc654-89ab-4df9-b43a-83c698a08a00','restore_ports','1.0','PENDING','33fac54a-6d97-4bac-bd1b-c232ce775b2b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.839240',NULL,'{}','b42bc654-89ab-4df9-b43a-83c698a08a00','release','1.0','PENDING','d81e0924-fb2e-42cb-aec2-b61b3b0d60d9',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.839723',NULL,'{}','b42bc654-89ab-4df9-b43a-83c698a08a00','verify','1.0','PENDING','85c25180-402a-43a4-b7a8-ba96800ee71a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.841488',NULL,'{}','b42bc654-89ab-4df9-b43a-83c698a08a00','delete_ports','1.0','PENDING','dc296a81-7f12-4a37-bfb1-1cfe58a34054',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.841742',NULL,'{}','b42bc654-89ab-4df9-b43a-83c698a08a00','forget','1.0','PENDING','50420b48-b5c2-40bb-a399-5adcb2644c4a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.846522','2026-11-21 11:43:38.253843','{}','3c6b0b63-be78-462b-8ec2-718440a70b39','observe','1.0','SUCCESS','f217b642-0466-4809-9f32-14087b0fec23',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000012000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000012", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000012000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000012000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000012000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000012000002", "made": false, "plugged": true}, {"port": "ef6440bb-2670-44a4-99fc-316e6d3b4b78", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.846790','2026-11-21 11:43:38.356673','{}','3c6b0b63-be78-462b-8ec2-718440a70b39','unplug','1.0','SUCCESS','d547cf0a-5af5-40e1-99a3-a10484bee7b1',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.847020',NULL,'{}','3c6b0b63-be78-462b-8ec2-718440a70b39','restore_ports','1.0','PENDING','76d004e6-c567-46d1-9361-6cb7f73a46b1',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.847254',NULL,'{}','3c6b0b63-be78-462b-8ec2-718440a70b39','release','1.0','PENDING','221ad6e3-1fe1-40d5-892e-80afa65c2188',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.847581',NULL,'{}','3c6b0b63-be78-462b-8ec2-718440a70b39','verify','1.0','PENDING','02a9cec1-2ea7-444a-b8d3-3a23e3b5a016',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.847900',NULL,'{}','3c6b0b63-be78-462b-8ec2-718440a70b39','delete_ports','1.0','PENDING','1c8cef66-215d-4141-ab41-237e3e86d275',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.848261',NULL,'{}','3c6b0b63-be78-462b-8ec2-718440a70b39','forget','1.0','PENDING','94ce21d7-33f6-4bd3-8a54-60e358b13389',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.926008','2026-11-21 11:43:38.012830','{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','observe','1.0','SUCCESS','4c817045-0fa6-4a2e-8a6c-70285ab8f38d',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000013000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000013", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000013000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000013000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000013000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000013000002", "made": false, "plugged": true}, {"port": "5d36ae2c-bb13-4d91-9158-534529ff300d", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.926277','2026-11-21 11:43:38.238036','{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','unplug','1.0','SUCCESS','d4097c9b-4f01-443d-8a3e-060d8f4ab23f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.926539','2026-11-21 11:43:39.241379','{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','restore_ports','1.0','SUCCESS','fa59c6bb-05b8-45bb-9fd5-9ea31316264c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.926762',NULL,'{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','release','1.0','PENDING','bf2d2861-ee87-452b-954a-bdc46c59d954',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.939944',NULL,'{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','verify','1.0','PENDING','ab6ae6cb-0d06-44f0-8de4-9dadfa8506f2',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.942111',NULL,'{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','delete_ports','1.0','PENDING','101f9ef1-5c90-4eb1-a40b-0264c03c1ad2',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:37.942382',NULL,'{}','a11c8bdd-41b6-4660-b288-01a96b600a0a','forget','1.0','PENDING','872ccb4b-810a-4d3c-b5ac-d0e075bbc467',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.072719','2026-11-21 11:43:38.152864','{}','955e1c31-ef46-4ad0-99fa-6014bc032a5e','observe','1.0','SUCCESS','38c2fe3b-93d8-4b3e-9385-62d18f2f3d55',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000002000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:02:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000002", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000002000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:02:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000002000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000002000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000002", "name": "node-2", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:02:01", "52:54:00:00:02:02", "52:54:00:00:02:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "4821ddc714501a3442cd0a14656e302b6c93b508824e8cfee99f8182d7b6dbfb"}, "macs": ["52:54:00:00:02:01", "52:54:00:00:02:02", "52:54:00:00:02:03"], "free_macs": ["52:54:00:00:02:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.073049',NULL,'{}','955e1c31-ef46-4ad0-99fa-6014bc032a5e','claim','1.0','PENDING','762b23c3-a4c8-47c1-8428-c24b8c460d20',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.073296',NULL,'{}','955e1c31-ef46-4ad0-99fa-6014bc032a5e','bind','1.0','PENDING','357cdd32-e940-45ff-9e36-08fe9e88ad93',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.073517',NULL,'{}','955e1c31-ef46-4ad0-99fa-6014bc032a5e','create_ports','1.0','PENDING','461123c9-575f-464a-afe2-730cc1abcd46',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.073734',NULL,'{}','955e1c31-ef46-4ad0-99fa-6014bc032a5e','verify','1.0','PENDING','45b24cfb-de7a-4eaa-8094-bd8b139ad582',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.073946',NULL,'{}','955e1c31-ef46-4ad0-99fa-6014bc032a5e','activate','1.0','PENDING','94006761-02dd-4b58-bba5-32209dd42711',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.196953','2026-11-21 11:43:38.247742','{}','a0283723-8941-46ce-83db-1e4724dd9f7b','observe','1.0','SUCCESS','fde63ee2-96d9-447e-817f-c28bb572d246',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000003000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:03:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000003", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000003000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:03:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000003000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000003000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000003", "name": "node-3", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:03:01", "52:54:00:00:03:02", "52:54:00:00:03:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79416bbe27067e0bb4b832548fa168199d821f2980fad832a08c576a7dfcd683"}, "macs": ["52:54:00:00:03:01", "52:54:00:00:03:02", "52:54:00:00:03:03"], "free_macs": ["52:54:00:00:03:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.197253','2026-11-21 11:43:38.264567','{}','a0283723-8941-46ce-83db-1e4724dd9f7b','claim','1.0','SUCCESS','dda37bd1-a247-4b0a-baa3-11b728b5c52c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.197536',NULL,'{}','a0283723-8941-46ce-83db-1e4724dd9f7b','bind','1.0','PENDING','04ba33f0-198c-408e-8fe0-545354b6331f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.197768',NULL,'{}','a0283723-8941-46ce-83db-1e4724dd9f7b','create_ports','1.0','PENDING','4fc6b21f-6075-4f15-8511-7a662e761dfe',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.197979',NULL,'{}','a0283723-8941-46ce-83db-1e4724dd9f7b','verify','1.0','PENDING','916d28f6-1c3d-4668-996a-12fbce79b505',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.198187',NULL,'{}','a0283723-8941-46ce-83db-1e4724dd9f7b','activate','1.0','PENDING','d6ffd042-7e3c-4f00-b26c-f14aa8897a9d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.347001','2026-11-21 11:43:38.485300','{}','4f305384-fca3-4f75-acd5-0dbfdf848d05','observe','1.0','SUCCESS','173eb83e-e348-4169-a2d9-d2037f3f876a',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000001000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:01:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000001", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000001000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:01:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000001000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000001000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000001", "name": "node-1", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:01:01", "52:54:00:00:01:02", "52:54:00:00:01:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3f2c33e95bfd3b78134501d0f2186d307c91a0fbda13775e0df855742a6a22b4"}, "macs": ["52:54:00:00:01:01", "52:54:00:00:01:02", "52:54:00:00:01:03"], "free_macs": ["52:54:00:00:01:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.347357',NULL,'{}','4f305384-fca3-4f75-acd5-0dbfdf848d05','claim','1.0','PENDING','a742701d-36a5-4ade-948f-c9a7a6aa98e5',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.347609',NULL,'{}','4f305384-fca3-4f75-acd5-0dbfdf848d05','bind','1.0','PENDING','27a1ad82-a421-48dd-b3e3-e70ccacba725',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.347895',NULL,'{}','4f305384-fca3-4f75-acd5-0dbfdf848d05','create_ports','1.0','PENDING','05826e3e-1a85-40bf-b947-7a40c69d75a6',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.348255',NULL,'{}','4f305384-fca3-4f75-acd5-0dbfdf848d05','verify','1.0','PENDING','b2bfcb76-f732-42f1-92bb-5e9649d23958',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.349918',NULL,'{}','4f305384-fca3-4f75-acd5-0dbfdf848d05','activate','1.0','PENDING','f55c4f79-2a0a-4211-b9ff-b6d3670dddda',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.401266','2026-11-21 11:43:38.541148','{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','observe','1.0','SUCCESS','c952e3a0-ebd0-441a-8a01-3f915eacd92d',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000011000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000011", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000011000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000011000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000011000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000011000002", "made": false, "plugged": true}, {"port": "f6e3eb8d-1d76-4ed7-b101-84e0134842e1", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.401628','2026-11-21 11:43:38.615504','{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','unplug','1.0','SUCCESS','f917c524-cb78-4586-b24c-9ee8b59f11f3',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.401870',NULL,'{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','restore_ports','1.0','PENDING','6f2832e3-5021-440e-a698-69c978bb9f89',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.402086',NULL,'{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','release','1.0','PENDING','29a22fd0-cb03-4511-814f-6568bda9a8b4',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.402295',NULL,'{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','verify','1.0','PENDING','fa2a71bc-b1d8-4730-bf03-2ffa27031905',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.402503',NULL,'{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','delete_ports','1.0','PENDING','492b883c-2ee4-4e05-b7d6-d695b222b40d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.402710',NULL,'{}','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','forget','1.0','PENDING','06fdb4cc-f88b-4dad-99af-24225a6a692d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.684934','2026-11-21 11:43:38.829028','{}','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','observe','1.0','SUCCESS','d923afa7-f075-405b-b403-4359bcab30ea',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000005000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:05:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000005", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000005000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:05:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000005000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000005000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000005", "name": "node-5", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:05:01", "52:54:00:00:05:02", "52:54:00:00:05:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "e7ffe6163b82bc45677d6b21c3262be2ff872647ce33099236f0b327a7ee6669"}, "macs": ["52:54:00:00:05:01", "52:54:00:00:05:02", "52:54:00:00:05:03"], "free_macs": ["52:54:00:00:05:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.685218','2026-11-21 11:43:39.344368','{}','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','claim','1.0','SUCCESS','8b8c9554-e4a5-4c7e-9766-b4500bf1add3',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.685472',NULL,'{}','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','bind','1.0','PENDING','f960e4ab-8edc-4ac3-b2b0-be733dc5bed7',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.685692',NULL,'{}','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','create_ports','1.0','PENDING','970f6f3a-c5be-4a6b-9202-b0199f4ae608',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.685926',NULL,'{}','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','verify','1.0','PENDING','234eea67-a45f-41d5-989b-3812d41e272b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.686144',NULL,'{}','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','activate','1.0','PENDING','29c7a52a-12c0-40d7-8a85-2d82dd891c97',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.762052','2026-11-21 11:43:38.860850','{}','b961b76e-8a16-4e32-a8b2-524903672313','observe','1.0','SUCCESS','d71b75c9-d4cb-4d03-85b2-6ccd8cf0ea83',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000006000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:06:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000006", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000006000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:06:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000006000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000006000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000006", "name": "node-6", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:06:01", "52:54:00:00:06:02", "52:54:00:00:06:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3dd948bb78c94fed21ebd3b2d216a65d8902c021647d5ba8fa50f8500346f1ef"}, "macs": ["52:54:00:00:06:01", "52:54:00:00:06:02", "52:54:00:00:06:03"], "free_macs": ["52:54:00:00:06:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.762358','2026-11-21 11:43:39.005733','{}','b961b76e-8a16-4e32-a8b2-524903672313','claim','1.0','SUCCESS','02be189f-a6d2-4c99-9e66-0edb5e298a49',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.762587','2026-11-21 11:43:39.367484','{}','b961b76e-8a16-4e32-a8b2-524903672313','bind','1.0','SUCCESS','d77f9eb4-0aaf-40c5-888f-0b4651ac9c3d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.762901',NULL,'{}','b961b76e-8a16-4e32-a8b2-524903672313','create_ports','1.0','PENDING','337253a5-e67d-4889-a908-934172ae288e',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.766063',NULL,'{}','b961b76e-8a16-4e32-a8b2-524903672313','verify','1.0','PENDING','efd3a5c3-0309-4cfe-bde0-a4cba865faef',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.766318',NULL,'{}','b961b76e-8a16-4e32-a8b2-524903672313','activate','1.0','PENDING','d9d1d955-d22e-4735-ab29-d2b79875e80f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.904618','2026-11-21 11:43:39.107412','{}','393c42c7-5a10-4bd7-8e8c-82979b9777eb','observe','1.0','SUCCESS','27745f78-ca81-40da-aa9a-a8b326c2969e',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000007000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:07:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000007", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000007000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:07:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000007000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000007000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000007", "name": "node-7", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:07:01", "52:54:00:00:07:02", "52:54:00:00:07:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "9241711bff4b5dfa2feefae3d5a702e732ce7609b9f0eabe54d76d4a4056ba29"}, "macs": ["52:54:00:00:07:01", "52:54:00:00:07:02", "52:54:00:00:07:03"], "free_macs": ["52:54:00:00:07:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.904978','2026-11-21 11:43:39.990845','{}','393c42c7-5a10-4bd7-8e8c-82979b9777eb','claim','1.0','SUCCESS','31d143bc-493a-4650-ade0-ff3ae8011466',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.905224','2026-11-21 11:43:40.293468','{}','393c42c7-5a10-4bd7-8e8c-82979b9777eb','bind','1.0','SUCCESS','f42b9040-6a4b-401b-ad94-348e7ad4c8bc',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.905443',NULL,'{}','393c42c7-5a10-4bd7-8e8c-82979b9777eb','create_ports','1.0','PENDING','89ba8dc2-2257-481b-8a45-9cecec377fa3',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.905654',NULL,'{}','393c42c7-5a10-4bd7-8e8c-82979b9777eb','verify','1.0','PENDING','d343859c-6dab-4a0d-8df9-1901686f3de4',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:38.905861',NULL,'{}','393c42c7-5a10-4bd7-8e8c-82979b9777eb','activate','1.0','PENDING','3cefdce0-f9f0-4a7c-ad76-d5250462f069',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.016681','2026-11-21 11:43:39.276922','{}','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','observe','1.0','SUCCESS','b484e077-374d-455c-b1b3-94b1a9d23c55',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000004000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:04:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000004", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000004000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:04:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000004000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000004000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000004", "name": "node-4", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:04:01", "52:54:00:00:04:02", "52:54:00:00:04:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "63bb65e3c3b470775de46d434544ce9ba422c16b44414a0fa6449b65db275d86"}, "macs": ["52:54:00:00:04:01", "52:54:00:00:04:02", "52:54:00:00:04:03"], "free_macs": ["52:54:00:00:04:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.016942','2026-11-21 11:43:39.422511','{}','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','claim','1.0','SUCCESS','8c775772-b5f9-464c-b2ff-e00e206f60e0',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.017168',NULL,'{}','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','bind','1.0','PENDING','8d37adfe-85b8-4a5c-9bdd-9593d77241be',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.017385',NULL,'{}','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','create_ports','1.0','PENDING','5661b66b-5cd6-478e-8ae0-02fbe6ff2c6a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.017599',NULL,'{}','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','verify','1.0','PENDING','9a8b2014-996e-490f-a30d-ccf04715f3e0',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.017814',NULL,'{}','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','activate','1.0','PENDING','398b9116-04a8-40ed-b2e1-185e1b41a5c5',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.296903','2026-11-21 11:43:39.531689','{}','17dea417-7691-4486-8553-9c7d8c62b54e','observe','1.0','SUCCESS','9c0e2596-6b37-4a7b-9c0a-c597accfd218',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000015000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0f:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000015", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000015000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0f:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000015000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000015000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000015", "name": "node-15", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0f:01", "52:54:00:00:0f:02", "52:54:00:00:0f:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ccc23f0cccae1a1559b4a6db7008eb4e1a3afaf8007614354e2ff0bd644cfc68"}, "macs": ["52:54:00:00:0f:01", "52:54:00:00:0f:02", "52:54:00:00:0f:03"], "free_macs": ["52:54:00:00:0f:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.297173','2026-11-21 11:43:39.539134','{}','17dea417-7691-4486-8553-9c7d8c62b54e','claim','1.0','SUCCESS','1ace38e6-7070-4edf-86b9-0ee6da07553c',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.297399','2026-11-21 11:43:39.599839','{}','17dea417-7691-4486-8553-9c7d8c62b54e','bind','1.0','REVERTING','041660a6-baf7-4b12-a128-9fb29bf6dc91',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.297673','2026-11-21 11:43:39.590211','{}','17dea417-7691-4486-8553-9c7d8c62b54e','create_ports','1.0','REVERTED','0456031f-1c77-486b-928f-bce14e4837b7','{"exception_str": "Step create_ports did not come to its end.", "traceback_str": "  File \"/usr/lib/python3/dist-packages/taskflow/engines/action_engine/executor.py\", line 50, in _execute_task\n    result = task.execute(**arguments)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/performer.py\", line 39, in execute\n    return self._run.do(self._step)\n           ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/runs.py\", line 133, in do\n    raise StepFailed(f\"Step {step.name} did not come to its end.\")\n", "exc_type_names": ["corral.engine.runs.StepFailed", "Exception"], "version": 1, "exc_args": ["Step create_ports did not come to its end."], "causes": []}',NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.298026','2026-11-21 11:43:39.569171','{}','17dea417-7691-4486-8553-9c7d8c62b54e','verify','1.0','PENDING','6a4ad61a-cf57-4439-8d9e-95de4f0ac6c4',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.301463','2026-11-21 11:43:39.570029','{}','17dea417-7691-4486-8553-9c7d8c62b54e','activate','1.0','PENDING','1e49d12f-9a18-4279-a661-8150f97cbe13',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.687668','2026-11-21 11:43:40.140939','{}','34889d88-7de8-4a68-8bb3-64a7e5271120','observe','1.0','SUCCESS','470f887a-e9de-4b9a-97b8-1b3e893e54f6',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000014000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0e:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000014", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000014000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0e:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000014000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000014000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000014", "name": "node-14", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0e:01", "52:54:00:00:0e:02", "52:54:00:00:0e:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3966148724224081629fecc339de77a4665bea4ac6dc14917e65d2bed61b8393"}, "macs": ["52:54:00:00:0e:01", "52:54:00:00:0e:02", "52:54:00:00:0e:03"], "free_macs": ["52:54:00:00:0e:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.687956','2026-11-21 11:43:40.149668','{}','34889d88-7de8-4a68-8bb3-64a7e5271120','claim','1.0','SUCCESS','cdb59a29-810a-4423-8b2e-2204199b7fbf',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.688267','2026-11-21 11:43:40.241554','{}','34889d88-7de8-4a68-8bb3-64a7e5271120','bind','1.0','REVERTING','ab5bdb8e-8aff-40a5-b121-6c6c6af58fab',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.688484','2026-11-21 11:43:40.240196','{}','34889d88-7de8-4a68-8bb3-64a7e5271120','create_ports','1.0','REVERTED','832fe9b2-391b-42f4-a7a7-33c2a8275013','{"exception_str": "Step create_ports did not come to its end.", "traceback_str": "  File \"/usr/lib/python3/dist-packages/taskflow/engines/action_engine/executor.py\", line 50, in _execute_task\n    result = task.execute(**arguments)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/performer.py\", line 39, in execute\n    return self._run.do(self._step)\n           ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/runs.py\", line 133, in do\n    raise StepFailed(f\"Step {step.name} did not come to its end.\")\n", "exc_type_names": ["corral.engine.runs.StepFailed", "Exception"], "version": 1, "exc_args": ["Step create_ports did not come to its end."], "causes": []}',NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.688696','2026-11-21 11:43:40.190046','{}','34889d88-7de8-4a68-8bb3-64a7e5271120','verify','1.0','PENDING','79240c78-65a1-4a02-b003-4959bbc5b3b9',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.688903','2026-11-21 11:43:40.196018','{}','34889d88-7de8-4a68-8bb3-64a7e5271120','activate','1.0','PENDING','120b99e9-28b8-462c-8a9c-43236c0240f5',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.965516','2026-11-21 11:43:40.532919','{}','6c62adaa-13ba-4528-bf97-41df3077eac6','observe','1.0','SUCCESS','3247dd84-8e62-4265-b2c8-913e105813d4',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000016000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:10:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000016", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000016000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:10:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000016000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000016000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000016", "name": "node-16", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:10:01", "52:54:00:00:10:02", "52:54:00:00:10:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "431e45d1067d8e42f030c7968e674ee1eac6c34868e5f1410cee06033533771b"}, "macs": ["52:54:00:00:10:01", "52:54:00:00:10:02", "52:54:00:00:10:03"], "free_macs": ["52:54:00:00:10:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.965799','2026-11-21 11:43:40.660896','{}','6c62adaa-13ba-4528-bf97-41df3077eac6','claim','1.0','REVERTING','c633cc80-73df-4b44-94aa-022aa0dd18ae',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.966028','2026-11-21 11:43:40.648724','{}','6c62adaa-13ba-4528-bf97-41df3077eac6','bind','1.0','REVERTED','6dd2b8b2-14fe-4c3e-bf9d-15645f24a5db',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.966258','2026-11-21 11:43:40.580749','{}','6c62adaa-13ba-4528-bf97-41df3077eac6','create_ports','1.0','REVERTED','096977eb-b19b-4857-ba0e-59e397f6ff0d','{"exception_str": "Step create_ports did not come to its end.", "traceback_str": "  File \"/usr/lib/python3/dist-packages/taskflow/engines/action_engine/executor.py\", line 50, in _execute_task\n    result = task.execute(**arguments)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/performer.py\", line 39, in execute\n    return self._run.do(self._step)\n           ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/runs.py\", line 133, in do\n    raise StepFailed(f\"Step {step.name} did not come to its end.\")\n", "exc_type_names": ["corral.engine.runs.StepFailed", "Exception"], "version": 1, "exc_args": ["Step create_ports did not come to its end."], "causes": []}',NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.966474','2026-11-21 11:43:40.556771','{}','6c62adaa-13ba-4528-bf97-41df3077eac6','verify','1.0','PENDING','293ab678-4349-4393-a146-4c438dca72da',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:39.966685','2026-11-21 11:43:40.560559','{}','6c62adaa-13ba-4528-bf97-41df3077eac6','activate','1.0','PENDING','739bb2e9-fafe-44b3-a819-0bca0d9938e6',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	action VARCHAR(64) NOT NULL, 
	user VARCHAR(64), 
	project VARCHAR(64), 
	request_id VARCHAR(64), 
	subject VARCHAR(36), 
	operation VARCHAR(36), 
	outcome VARCHAR(32) NOT NULL, 
	detail JSON NOT NULL, machine VARCHAR(255), code VARCHAR(64), reasons JSON, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-21 11:43:35.417460','flavor:create','operator','bank','req-former','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,'done','{}',NULL,NULL,'[]');
INSERT INTO "audit" VALUES(2,'2026-11-21 11:43:35.525521','server:manage','operator','bank','req-former','fb971939-6715-88e9-a237-a4c5b186a208','25f505e4-28fa-47e7-be1e-9942ec3c40b6','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000009',NULL,'[]');
INSERT INTO "audit" VALUES(3,'2026-11-21 11:43:35.925588','server:manage','operator','bank','req-former','fb971939-6715-88e9-a237-a4c5b186a208','25f505e4-28fa-47e7-be1e-9942ec3c40b6','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000009", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000009',NULL,'[]');
INSERT INTO "audit" VALUES(4,'2026-11-21 11:43:35.996400','server:manage','operator','bank','req-former','2c09927c-5feb-8598-b8a4-a4c5b186a208','137cfb85-6930-49bb-83b6-7f68bfe83925','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000010',NULL,'[]');
INSERT INTO "audit" VALUES(5,'2026-11-21 11:43:36.346806','server:manage','operator','bank','req-former','2c09927c-5feb-8598-b8a4-a4c5b186a208','137cfb85-6930-49bb-83b6-7f68bfe83925','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000010", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000010',NULL,'[]');
INSERT INTO "audit" VALUES(6,'2026-11-21 11:43:36.403203','server:manage','operator','bank','req-former','6e877ea8-0132-8d29-8731-a4c5b186a208','de1774bc-6c23-4eab-b314-4de59652b633','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000011',NULL,'[]');
INSERT INTO "audit" VALUES(7,'2026-11-21 11:43:36.742540','server:manage','operator','bank','req-former','6e877ea8-0132-8d29-8731-a4c5b186a208','de1774bc-6c23-4eab-b314-4de59652b633','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000011", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000011',NULL,'[]');
INSERT INTO "audit" VALUES(8,'2026-11-21 11:43:36.804488','server:manage','operator','bank','req-former','647352f4-8368-867a-ae5c-a4c5b186a208','409ae0dc-2a6d-468c-a9d7-0bde8d6de743','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000012',NULL,'[]');
INSERT INTO "audit" VALUES(9,'2026-11-21 11:43:37.174616','server:manage','operator','bank','req-former','647352f4-8368-867a-ae5c-a4c5b186a208','409ae0dc-2a6d-468c-a9d7-0bde8d6de743','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000012", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000012',NULL,'[]');
INSERT INTO "audit" VALUES(10,'2026-11-21 11:43:37.210284','server:manage','operator','bank','req-former','74ffbc07-3f7d-86cd-9697-a4c5b186a208','88402e27-1b53-4950-b94c-2685c6bb42e4','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000013',NULL,'[]');
INSERT INTO "audit" VALUES(11,'2026-11-21 11:43:37.578731','server:manage','operator','bank','req-former','74ffbc07-3f7d-86cd-9697-a4c5b186a208','88402e27-1b53-4950-b94c-2685c6bb42e4','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000013", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000013',NULL,'[]');
INSERT INTO "audit" VALUES(12,'2026-11-21 11:43:37.602149','server:unmanage','operator','bank','req-former','fb971939-6715-88e9-a237-a4c5b186a208','2928bcd2-dca3-4338-a87a-43fda5f0351b','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000009',NULL,'[]');
INSERT INTO "audit" VALUES(13,'2026-11-21 11:43:37.622873','server:unmanage','operator','bank','req-former','2c09927c-5feb-8598-b8a4-a4c5b186a208','b42bc654-89ab-4df9-b43a-83c698a08a00','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000010',NULL,'[]');
INSERT INTO "audit" VALUES(14,'2026-11-21 11:43:37.694978','server:unmanage','operator','bank','req-former','6e877ea8-0132-8d29-8731-a4c5b186a208','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000011',NULL,'[]');
INSERT INTO "audit" VALUES(15,'2026-11-21 11:43:37.773943','server:unmanage','operator','bank','req-former','647352f4-8368-867a-ae5c-a4c5b186a208','3c6b0b63-be78-462b-8ec2-718440a70b39','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000012',NULL,'[]');
INSERT INTO "audit" VALUES(16,'2026-11-21 11:43:37.797500','server:unmanage','operator','bank','req-former','74ffbc07-3f7d-86cd-9697-a4c5b186a208','a11c8bdd-41b6-4660-b288-01a96b600a0a','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000013',NULL,'[]');
INSERT INTO "audit" VALUES(17,'2026-11-21 11:43:37.902830','server:manage','operator','bank','req-former','2fa9806d-5e11-83ab-b346-a4c5b186a208','4f305384-fca3-4f75-acd5-0dbfdf848d05','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000001',NULL,'[]');
INSERT INTO "audit" VALUES(18,'2026-11-21 11:43:37.981260','server:manage','operator','bank','req-former','2b262fc2-6701-850a-848d-a4c5b186a208','955e1c31-ef46-4ad0-99fa-6014bc032a5e','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000002',NULL,'[]');
INSERT INTO "audit" VALUES(19,'2026-11-21 11:43:38.017304','server:manage','operator','bank','req-former','36544549-db0e-8241-87ac-a4c5b186a208','a0283723-8941-46ce-83db-1e4724dd9f7b','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000003',NULL,'[]');
INSERT INTO "audit" VALUES(20,'2026-11-21 11:43:38.110337','server:manage','operator','bank','req-former','1aaad96d-fc59-8b25-ad46-a4c5b186a208','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000004',NULL,'[]');
INSERT INTO "audit" VALUES(21,'2026-11-21 11:43:38.662505','server:manage','operator','bank','req-former','17dd8100-4e6a-8013-85bc-a4c5b186a208','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000005',NULL,'[]');
INSERT INTO "audit" VALUES(22,'2026-11-21 11:43:38.689974','server:manage','operator','bank','req-former','fb1b252d-e77d-872e-8803-a4c5b186a208','b961b76e-8a16-4e32-a8b2-524903672313','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000006',NULL,'[]');
INSERT INTO "audit" VALUES(23,'2026-11-21 11:43:38.786409','server:manage','operator','bank','req-former','aeb2f35a-bc3e-8759-9c07-a4c5b186a208','393c42c7-5a10-4bd7-8e8c-82979b9777eb','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000007',NULL,'[]');
INSERT INTO "audit" VALUES(24,'2026-11-21 11:43:38.926574','server:manage','operator','bank','req-former','1398643c-7f2e-8635-8666-a4c5b186a208','7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000008',NULL,'[]');
INSERT INTO "audit" VALUES(25,'2026-11-21 11:43:39.082146','server:manage','operator','bank','req-former','846e79d7-01d4-8892-a6d5-a4c5b186a208','34889d88-7de8-4a68-8bb3-64a7e5271120','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000014',NULL,'[]');
INSERT INTO "audit" VALUES(26,'2026-11-21 11:43:39.131695','server:manage','operator','bank','req-former','4f852517-5303-8398-ad80-a4c5b186a208','17dea417-7691-4486-8553-9c7d8c62b54e','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000015',NULL,'[]');
INSERT INTO "audit" VALUES(27,'2026-11-21 11:43:39.889190','server:manage','operator','bank','req-former','8543408b-b29b-83c1-9e67-a4c5b186a208','6c62adaa-13ba-4528-bf97-41df3077eac6','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000016',NULL,'[]');
INSERT INTO "audit" VALUES(28,'2026-11-21 11:43:39.959413','server:manage','operator','bank','req-former','9c9faf93-4094-8108-82aa-a4c5b186a208','73495d09-87c3-41d4-a3d8-504bdf21f3de','accepted','{"source": "lab"}','aaaaaaaa-0000-4000-8000-000000000017',NULL,'[]');
INSERT INTO "audit" VALUES(29,'2026-11-21 11:43:40.703138','server:manage','operator','bank','req-former','1398643c-7f2e-8635-8666-a4c5b186a208','7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000008", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000008',NULL,'[]');
INSERT INTO "audit" VALUES(30,'2026-11-21 11:43:41.130618','server:manage','operator','bank','req-former','9c9faf93-4094-8108-82aa-a4c5b186a208','73495d09-87c3-41d4-a3d8-504bdf21f3de','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000017", "warnings": ["no-image"]}','aaaaaaaa-0000-4000-8000-000000000017',NULL,'[]');
CREATE TABLE calls (
	id INTEGER NOT NULL, 
	operation VARCHAR(36) NOT NULL, 
	at DATETIME NOT NULL, 
	service VARCHAR(32) NOT NULL, 
	method VARCHAR(16) NOT NULL, 
	path VARCHAR(1024) NOT NULL, 
	outcome VARCHAR(255) NOT NULL, 
	allowed BOOLEAN NOT NULL, 
	seconds FLOAT NOT NULL, 
	CONSTRAINT pk_calls PRIMARY KEY (id)
);
INSERT INTO "calls" VALUES(1,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.633151','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0018);
INSERT INTO "calls" VALUES(2,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.635760','baremetal','GET','/v1/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(3,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.638618','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(4,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.640190','network','GET','/v2.0/networks','200',1,0.0007);
INSERT INTO "calls" VALUES(5,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.641578','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(6,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.668496','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0035);
INSERT INTO "calls" VALUES(7,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.680990','baremetal','POST','/v1/allocations','201',1,0.0011);
INSERT INTO "calls" VALUES(8,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.709092','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000001','200',1,0.0037);
INSERT INTO "calls" VALUES(9,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.725352','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000002','200',1,0.007);
INSERT INTO "calls" VALUES(10,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.741309','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','204',1,0.0049);
INSERT INTO "calls" VALUES(11,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.736935','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','200',1,0.0033);
INSERT INTO "calls" VALUES(12,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.774767','network','POST','/v2.0/ports','201',1,0.0013);
INSERT INTO "calls" VALUES(13,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.794786','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','204',1,0.001);
INSERT INTO "calls" VALUES(14,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.772881','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(15,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.792956','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','200',1,0.0011);
INSERT INTO "calls" VALUES(16,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.824884','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0038);
INSERT INTO "calls" VALUES(17,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.829442','baremetal','GET','/v1/ports','200',1,0.0033);
INSERT INTO "calls" VALUES(18,'25f505e4-28fa-47e7-be1e-9942ec3c40b6','2026-11-21 11:43:35.846782','network','GET','/v2.0/ports','200',1,0.0059);
INSERT INTO "calls" VALUES(19,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.047359','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0055);
INSERT INTO "calls" VALUES(20,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.053734','baremetal','GET','/v1/ports','200',1,0.0032);
INSERT INTO "calls" VALUES(21,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.058601','network','GET','/v2.0/ports','200',1,0.0035);
INSERT INTO "calls" VALUES(22,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.062837','network','GET','/v2.0/networks','200',1,0.0099);
INSERT INTO "calls" VALUES(23,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.073566','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(24,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.109013','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0013);
INSERT INTO "calls" VALUES(25,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.125166','baremetal','POST','/v1/allocations','201',1,0.0013);
INSERT INTO "calls" VALUES(26,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.145011','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000001','200',1,0.0038);
INSERT INTO "calls" VALUES(27,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.161198','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000002','200',1,0.0032);
INSERT INTO "calls" VALUES(28,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.170477','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','204',1,0.01);
INSERT INTO "calls" VALUES(29,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.168953','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.0009);
INSERT INTO "calls" VALUES(30,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.211011','network','POST','/v2.0/ports','201',1,0.0056);
INSERT INTO "calls" VALUES(31,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.227310','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','204',1,0.0092);
INSERT INTO "calls" VALUES(32,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.209087','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(33,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.225085','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.0015);
INSERT INTO "calls" VALUES(34,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.261108','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0037);
INSERT INTO "calls" VALUES(35,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.265595','baremetal','GET','/v1/ports','200',1,0.0032);
INSERT INTO "calls" VALUES(36,'137cfb85-6930-49bb-83b6-7f68bfe83925','2026-11-21 11:43:36.288977','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(37,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.462862','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0032);
INSERT INTO "calls" VALUES(38,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.466798','baremetal','GET','/v1/ports','200',1,0.0061);
INSERT INTO "calls" VALUES(39,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.474476','network','GET','/v2.0/ports','200',1,0.003);
INSERT INTO "calls" VALUES(40,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.478239','network','GET','/v2.0/networks','200',1,0.0065);
INSERT INTO "calls" VALUES(41,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.485564','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(42,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.520946','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0063);
INSERT INTO "calls" VALUES(43,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.532989','baremetal','POST','/v1/allocations','201',1,0.0032);
INSERT INTO "calls" VALUES(44,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.555215','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000001','200',1,0.0094);
INSERT INTO "calls" VALUES(45,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.569101','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000002','200',1,0.0035);
INSERT INTO "calls" VALUES(46,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.585260','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','204',1,0.0032);
INSERT INTO "calls" VALUES(47,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.580919','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0036);
INSERT INTO "calls" VALUES(48,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.613108','network','POST','/v2.0/ports','201',1,0.0035);
INSERT INTO "calls" VALUES(49,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.626842','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','204',1,0.0026);
INSERT INTO "calls" VALUES(50,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.608843','network','GET','/v2.0/ports','200',1,0.0036);
INSERT INTO "calls" VALUES(51,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.625161','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(52,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.660924','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0011);
INSERT INTO "calls" VALUES(53,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.665225','baremetal','GET','/v1/ports','200',1,0.0037);
INSERT INTO "calls" VALUES(54,'de1774bc-6c23-4eab-b314-4de59652b633','2026-11-21 11:43:36.688950','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(55,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.863584','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0015);
INSERT INTO "calls" VALUES(56,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.865889','baremetal','GET','/v1/ports','200',1,0.003);
INSERT INTO "calls" VALUES(57,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.870522','network','GET','/v2.0/ports','200',1,0.008);
INSERT INTO "calls" VALUES(58,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.879309','network','GET','/v2.0/networks','200',1,0.0056);
INSERT INTO "calls" VALUES(59,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.885990','network','GET','/v2.0/ports','200',1,0.003);
INSERT INTO "calls" VALUES(60,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.929455','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0075);
INSERT INTO "calls" VALUES(61,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.949407','baremetal','POST','/v1/allocations','201',1,0.0072);
INSERT INTO "calls" VALUES(62,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:36.986287','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0101);
INSERT INTO "calls" VALUES(63,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.005195','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000002','200',1,0.0034);
INSERT INTO "calls" VALUES(64,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.026794','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','204',1,0.0094);
INSERT INTO "calls" VALUES(65,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.025114','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(66,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.074959','network','POST','/v2.0/ports','201',1,0.0011);
INSERT INTO "calls" VALUES(67,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.084517','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','204',1,0.0009);
INSERT INTO "calls" VALUES(68,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.072994','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(69,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.079009','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.0008);
INSERT INTO "calls" VALUES(70,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.105954','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0031);
INSERT INTO "calls" VALUES(71,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.110016','baremetal','GET','/v1/ports','200',1,0.0025);
INSERT INTO "calls" VALUES(72,'409ae0dc-2a6d-468c-a9d7-0bde8d6de743','2026-11-21 11:43:37.124940','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(73,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.273044','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0067);
INSERT INTO "calls" VALUES(74,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.280587','baremetal','GET','/v1/ports','200',1,0.0078);
INSERT INTO "calls" VALUES(75,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.290487','network','GET','/v2.0/ports','200',1,0.0099);
INSERT INTO "calls" VALUES(76,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.301240','network','GET','/v2.0/networks','200',1,0.0031);
INSERT INTO "calls" VALUES(77,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.305220','network','GET','/v2.0/ports','200',1,0.0071);
INSERT INTO "calls" VALUES(78,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.357133','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0029);
INSERT INTO "calls" VALUES(79,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.369048','baremetal','POST','/v1/allocations','201',1,0.0012);
INSERT INTO "calls" VALUES(80,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.391106','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0091);
INSERT INTO "calls" VALUES(81,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.409473','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0031);
INSERT INTO "calls" VALUES(82,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.422671','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','204',1,0.0067);
INSERT INTO "calls" VALUES(83,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.421034','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(84,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.461777','network','POST','/v2.0/ports','201',1,0.0011);
INSERT INTO "calls" VALUES(85,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.474470','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','204',1,0.0016);
INSERT INTO "calls" VALUES(86,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.456951','network','GET','/v2.0/ports','200',1,0.0041);
INSERT INTO "calls" VALUES(87,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.472937','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0009);
INSERT INTO "calls" VALUES(88,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.504908','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0041);
INSERT INTO "calls" VALUES(89,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.509772','baremetal','GET','/v1/ports','200',1,0.0025);
INSERT INTO "calls" VALUES(90,'88402e27-1b53-4950-b94c-2685c6bb42e4','2026-11-21 11:43:37.522812','network','GET','/v2.0/ports','200',1,0.002);
INSERT INTO "calls" VALUES(91,'2928bcd2-dca3-4338-a87a-43fda5f0351b','2026-11-21 11:43:37.654177','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0065);
INSERT INTO "calls" VALUES(92,'2928bcd2-dca3-4338-a87a-43fda5f0351b','2026-11-21 11:43:37.661473','baremetal','GET','/v1/ports','200',1,0.0037);
INSERT INTO "calls" VALUES(93,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:37.982291','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0014);
INSERT INTO "calls" VALUES(94,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:37.984371','baremetal','GET','/v1/ports','200',1,0.0093);
INSERT INTO "calls" VALUES(95,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:38.041359','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs/bbbbbbbb-0000-4000-8000-000013000002','204',1,0.0048);
INSERT INTO "calls" VALUES(96,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:38.030385','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0101);
INSERT INTO "calls" VALUES(97,'955e1c31-ef46-4ad0-99fa-6014bc032a5e','2026-11-21 11:43:38.105124','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000002','200',1,0.0015);
INSERT INTO "calls" VALUES(98,'955e1c31-ef46-4ad0-99fa-6014bc032a5e','2026-11-21 11:43:38.107371','baremetal','GET','/v1/ports','200',1,0.0055);
INSERT INTO "calls" VALUES(99,'955e1c31-ef46-4ad0-99fa-6014bc032a5e','2026-11-21 11:43:38.114445','network','GET','/v2.0/ports','200',1,0.0118);
INSERT INTO "calls" VALUES(100,'955e1c31-ef46-4ad0-99fa-6014bc032a5e','2026-11-21 11:43:38.129043','network','GET','/v2.0/networks','200',1,0.0025);
INSERT INTO "calls" VALUES(101,'955e1c31-ef46-4ad0-99fa-6014bc032a5e','2026-11-21 11:43:38.132436','network','GET','/v2.0/ports','200',1,0.0039);
INSERT INTO "calls" VALUES(102,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:38.142116','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs/5d36ae2c-bb13-4d91-9158-534529ff300d','204',1,0.0008);
INSERT INTO "calls" VALUES(103,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:38.140203','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0013);
INSERT INTO "calls" VALUES(104,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.220979','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0085);
INSERT INTO "calls" VALUES(105,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.230317','baremetal','GET','/v1/ports','200',1,0.001);
INSERT INTO "calls" VALUES(106,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.233524','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(107,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.235185','network','GET','/v2.0/networks','200',1,0.0008);
INSERT INTO "calls" VALUES(108,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.236691','network','GET','/v2.0/ports','200',1,0.002);
INSERT INTO "calls" VALUES(109,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:37.868821','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0117);
INSERT INTO "calls" VALUES(110,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:37.881344','baremetal','GET','/v1/ports','200',1,0.0071);
INSERT INTO "calls" VALUES(111,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.250593','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0022);
INSERT INTO "calls" VALUES(112,'a0283723-8941-46ce-83db-1e4724dd9f7b','2026-11-21 11:43:38.259565','baremetal','POST','/v1/allocations','201',1,0.0032);
INSERT INTO "calls" VALUES(113,'955e1c31-ef46-4ad0-99fa-6014bc032a5e','2026-11-21 11:43:38.185548','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000002','200',1,0.0194);
INSERT INTO "calls" VALUES(114,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:38.262278','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs/bbbbbbbb-0000-4000-8000-000012000002','204',1,0.0026);
INSERT INTO "calls" VALUES(115,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:38.260683','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(116,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:38.345907','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs/ef6440bb-2670-44a4-99fc-316e6d3b4b78','204',1,0.0019);
INSERT INTO "calls" VALUES(117,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:38.337112','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.008);
INSERT INTO "calls" VALUES(118,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:38.366688','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.006);
INSERT INTO "calls" VALUES(119,'3c6b0b63-be78-462b-8ec2-718440a70b39','2026-11-21 11:43:38.360874','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0051);
INSERT INTO "calls" VALUES(120,'4f305384-fca3-4f75-acd5-0dbfdf848d05','2026-11-21 11:43:38.368345','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000001','200',1,0.0058);
INSERT INTO "calls" VALUES(121,'4f305384-fca3-4f75-acd5-0dbfdf848d05','2026-11-21 11:43:38.374888','baremetal','GET','/v1/ports','200',1,0.0011);
INSERT INTO "calls" VALUES(122,'4f305384-fca3-4f75-acd5-0dbfdf848d05','2026-11-21 11:43:38.378410','network','GET','/v2.0/ports','200',1,0.0039);
INSERT INTO "calls" VALUES(123,'4f305384-fca3-4f75-acd5-0dbfdf848d05','2026-11-21 11:43:38.382977','network','GET','/v2.0/networks','200',1,0.0017);
INSERT INTO "calls" VALUES(124,'4f305384-fca3-4f75-acd5-0dbfdf848d05','2026-11-21 11:43:38.385449','network','GET','/v2.0/ports','200',1,0.0021);
INSERT INTO "calls" VALUES(125,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','2026-11-21 11:43:38.454983','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0096);
INSERT INTO "calls" VALUES(126,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','2026-11-21 11:43:38.465549','baremetal','GET','/v1/ports','200',1,0.0077);
INSERT INTO "calls" VALUES(127,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','2026-11-21 11:43:38.561287','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs/bbbbbbbb-0000-4000-8000-000011000002','204',1,0.0027);
INSERT INTO "calls" VALUES(128,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','2026-11-21 11:43:38.553334','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0071);
INSERT INTO "calls" VALUES(129,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','2026-11-21 11:43:38.590887','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs/f6e3eb8d-1d76-4ed7-b101-84e0134842e1','204',1,0.0091);
INSERT INTO "calls" VALUES(130,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','2026-11-21 11:43:38.588982','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0012);
INSERT INTO "calls" VALUES(131,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.693141','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0033);
INSERT INTO "calls" VALUES(132,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.697097','baremetal','GET','/v1/ports','200',1,0.0199);
INSERT INTO "calls" VALUES(133,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.720418','network','GET','/v2.0/ports','200',1,0.0011);
INSERT INTO "calls" VALUES(134,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.722207','network','GET','/v2.0/networks','200',1,0.0008);
INSERT INTO "calls" VALUES(135,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.723681','network','GET','/v2.0/ports','200',1,0.0207);
INSERT INTO "calls" VALUES(136,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.773007','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0199);
INSERT INTO "calls" VALUES(137,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.793668','baremetal','GET','/v1/ports','200',1,0.0178);
INSERT INTO "calls" VALUES(138,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.814383','network','GET','/v2.0/ports','200',1,0.0034);
INSERT INTO "calls" VALUES(139,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.819516','network','GET','/v2.0/networks','200',1,0.0028);
INSERT INTO "calls" VALUES(140,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.823255','network','GET','/v2.0/ports','200',1,0.0015);
INSERT INTO "calls" VALUES(141,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.870158','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0096);
INSERT INTO "calls" VALUES(142,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.837060','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0151);
INSERT INTO "calls" VALUES(143,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:38.973256','baremetal','POST','/v1/allocations','201',1,0.0078);
INSERT INTO "calls" VALUES(144,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:39.014885','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000001','200',1,0.0091);
INSERT INTO "calls" VALUES(145,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:39.051815','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000002','200',1,0.0009);
INSERT INTO "calls" VALUES(146,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:38.924338','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0149);
INSERT INTO "calls" VALUES(147,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:38.944132','baremetal','GET','/v1/ports','200',1,0.0096);
INSERT INTO "calls" VALUES(148,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:38.961448','network','GET','/v2.0/ports','200',1,0.0134);
INSERT INTO "calls" VALUES(149,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:38.975485','network','GET','/v2.0/networks','200',1,0.003);
INSERT INTO "calls" VALUES(150,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:38.979093','network','GET','/v2.0/ports','200',1,0.0027);
INSERT INTO "calls" VALUES(151,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.000998','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0115);
INSERT INTO "calls" VALUES(152,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.013179','baremetal','GET','/v1/ports','200',1,0.0064);
INSERT INTO "calls" VALUES(153,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.035490','network','GET','/v2.0/ports','200',1,0.0093);
INSERT INTO "calls" VALUES(154,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.045762','network','GET','/v2.0/networks','200',1,0.0107);
INSERT INTO "calls" VALUES(155,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.057159','network','GET','/v2.0/ports','200',1,0.0166);
INSERT INTO "calls" VALUES(156,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.048894','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0235);
INSERT INTO "calls" VALUES(157,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.073054','baremetal','GET','/v1/ports','200',1,0.0113);
INSERT INTO "calls" VALUES(158,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.085848','network','GET','/v2.0/ports','200',1,0.0174);
INSERT INTO "calls" VALUES(159,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.104571','network','GET','/v2.0/networks','200',1,0.0048);
INSERT INTO "calls" VALUES(160,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.113103','network','GET','/v2.0/ports','200',1,0.0032);
INSERT INTO "calls" VALUES(161,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.171437','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0235);
INSERT INTO "calls" VALUES(162,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:38.244151','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.001);
INSERT INTO "calls" VALUES(163,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:38.242684','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0008);
INSERT INTO "calls" VALUES(164,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.206037','baremetal','POST','/v1/allocations','201',1,0.0106);
INSERT INTO "calls" VALUES(165,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:39.228968','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0077);
INSERT INTO "calls" VALUES(166,'a11c8bdd-41b6-4660-b288-01a96b600a0a','2026-11-21 11:43:39.221184','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0071);
INSERT INTO "calls" VALUES(167,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.292037','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0098);
INSERT INTO "calls" VALUES(168,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:38.984355','baremetal','POST','/v1/allocations','201',1,0.0048);
INSERT INTO "calls" VALUES(169,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:39.092924','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006/vifs','204',1,0.0151);
INSERT INTO "calls" VALUES(170,'b961b76e-8a16-4e32-a8b2-524903672313','2026-11-21 11:43:39.075314','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006/vifs','200',1,0.017);
INSERT INTO "calls" VALUES(171,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:39.352929','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000005000001','200',1,0.0022);
INSERT INTO "calls" VALUES(172,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','2026-11-21 11:43:39.372703','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000005000002','200',1,0.0023);
INSERT INTO "calls" VALUES(173,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.343152','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0044);
INSERT INTO "calls" VALUES(174,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.348404','baremetal','GET','/v1/ports','200',1,0.008);
INSERT INTO "calls" VALUES(175,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.360643','network','GET','/v2.0/ports','200',1,0.0078);
INSERT INTO "calls" VALUES(176,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.369482','network','GET','/v2.0/networks','200',1,0.01);
INSERT INTO "calls" VALUES(177,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.380529','network','GET','/v2.0/ports','200',1,0.0027);
INSERT INTO "calls" VALUES(178,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.328627','baremetal','POST','/v1/allocations','201',1,0.0043);
INSERT INTO "calls" VALUES(179,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.421682','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0042);
INSERT INTO "calls" VALUES(180,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','2026-11-21 11:43:39.430457','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000004000001','200',1,0.0018);
INSERT INTO "calls" VALUES(181,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.434566','baremetal','POST','/v1/allocations','201',1,0.0057);
INSERT INTO "calls" VALUES(182,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.451458','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0011);
INSERT INTO "calls" VALUES(183,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.456874','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000002','200',1,0.0023);
INSERT INTO "calls" VALUES(184,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.466934','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015/vifs','204',1,0.0013);
INSERT INTO "calls" VALUES(185,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.464944','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015/vifs','200',1,0.0014);
INSERT INTO "calls" VALUES(186,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:39.128753','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0245);
INSERT INTO "calls" VALUES(187,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.498495','network','POST','/v2.0/ports','400',1,0.0096);
INSERT INTO "calls" VALUES(188,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.494444','network','GET','/v2.0/ports','200',1,0.0034);
INSERT INTO "calls" VALUES(189,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.581509','network','GET','/v2.0/ports','200',1,0.0044);
INSERT INTO "calls" VALUES(190,'b42bc654-89ab-4df9-b43a-83c698a08a00','2026-11-21 11:43:37.912597','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0045);
INSERT INTO "calls" VALUES(191,'b42bc654-89ab-4df9-b43a-83c698a08a00','2026-11-21 11:43:37.917933','baremetal','GET','/v1/ports','200',1,0.021);
INSERT INTO "calls" VALUES(192,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.686334','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000001','200',1,0.0082);
INSERT INTO "calls" VALUES(193,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.625569','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0159);
INSERT INTO "calls" VALUES(194,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.611721','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0131);
INSERT INTO "calls" VALUES(195,'b42bc654-89ab-4df9-b43a-83c698a08a00','2026-11-21 11:43:39.678732','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs/bbbbbbbb-0000-4000-8000-000010000002','204',1,0.0133);
INSERT INTO "calls" VALUES(196,'b42bc654-89ab-4df9-b43a-83c698a08a00','2026-11-21 11:43:39.655877','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.0193);
INSERT INTO "calls" VALUES(197,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.701046','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000002','200',1,0.0031);
INSERT INTO "calls" VALUES(198,'17dea417-7691-4486-8553-9c7d8c62b54e','2026-11-21 11:43:39.711696','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015/vifs/bbbbbbbb-0000-4000-8000-000015000002','204',1,0.0008);
INSERT INTO "calls" VALUES(199,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.726385','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008/vifs','204',1,0.001);
INSERT INTO "calls" VALUES(200,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.722475','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008/vifs','200',1,0.0027);
INSERT INTO "calls" VALUES(201,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.721246','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.002);
INSERT INTO "calls" VALUES(202,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.724506','baremetal','GET','/v1/ports','200',1,0.0023);
INSERT INTO "calls" VALUES(203,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.728255','network','GET','/v2.0/ports','200',1,0.0031);
INSERT INTO "calls" VALUES(204,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.732164','network','GET','/v2.0/networks','200',1,0.0042);
INSERT INTO "calls" VALUES(205,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.737287','network','GET','/v2.0/ports','200',1,0.0011);
INSERT INTO "calls" VALUES(206,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.752645','network','POST','/v2.0/ports','201',1,0.0127);
INSERT INTO "calls" VALUES(207,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.803094','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.009);
INSERT INTO "calls" VALUES(208,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.831000','baremetal','POST','/v1/allocations','201',1,0.0101);
INSERT INTO "calls" VALUES(209,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.833817','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008/vifs','204',1,0.0082);
INSERT INTO "calls" VALUES(210,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.748788','network','GET','/v2.0/ports','200',1,0.0031);
INSERT INTO "calls" VALUES(211,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.817025','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008/vifs','200',1,0.0161);
INSERT INTO "calls" VALUES(212,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.853095','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000001','200',1,0.011);
INSERT INTO "calls" VALUES(213,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.868970','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000002','200',1,0.0233);
INSERT INTO "calls" VALUES(214,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.865690','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0245);
INSERT INTO "calls" VALUES(215,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:39.890908','baremetal','GET','/v1/ports','200',1,0.0031);
INSERT INTO "calls" VALUES(216,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:39.513431','baremetal','POST','/v1/allocations','201',1,0.015);
INSERT INTO "calls" VALUES(217,'7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','2026-11-21 11:43:40.016975','network','GET','/v2.0/ports','200',1,0.004);
INSERT INTO "calls" VALUES(218,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:40.011173','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000001','200',1,0.009);
INSERT INTO "calls" VALUES(219,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.900255','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014/vifs','204',1,0.0234);
INSERT INTO "calls" VALUES(220,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:39.896284','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014/vifs','200',1,0.0033);
INSERT INTO "calls" VALUES(221,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:40.027271','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000002','200',1,0.0015);
INSERT INTO "calls" VALUES(222,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:40.092305','network','POST','/v2.0/ports','400',1,0.0067);
INSERT INTO "calls" VALUES(223,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:40.101178','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007/vifs','204',1,0.0101);
INSERT INTO "calls" VALUES(224,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:40.093786','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007/vifs','200',1,0.0067);
INSERT INTO "calls" VALUES(225,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:40.081187','network','GET','/v2.0/ports','200',1,0.0102);
INSERT INTO "calls" VALUES(226,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:40.221570','network','GET','/v2.0/ports','200',1,0.0069);
INSERT INTO "calls" VALUES(227,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.109785','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0105);
INSERT INTO "calls" VALUES(228,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.128815','baremetal','GET','/v1/ports','200',1,0.0197);
INSERT INTO "calls" VALUES(229,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.165447','network','GET','/v2.0/ports','200',1,0.0078);
INSERT INTO "calls" VALUES(230,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.174049','network','GET','/v2.0/networks','200',1,0.0074);
INSERT INTO "calls" VALUES(231,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.182312','network','GET','/v2.0/ports','200',1,0.0143);
INSERT INTO "calls" VALUES(232,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.290453','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0089);
INSERT INTO "calls" VALUES(233,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:40.257187','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000001','200',1,0.0109);
INSERT INTO "calls" VALUES(234,'34889d88-7de8-4a68-8bb3-64a7e5271120','2026-11-21 11:43:40.253208','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000001','200',1,0.0032);
INSERT INTO "calls" VALUES(235,'393c42c7-5a10-4bd7-8e8c-82979b9777eb','2026-11-21 11:43:40.343550','network','POST','/v2.0/ports','201',1,0.004);
INSERT INTO "calls" VALUES(236,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.337099','baremetal','POST','/v1/allocations','201',1,0.018);
INSERT INTO "calls" VALUES(237,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.396894','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0026);
INSERT INTO "calls" VALUES(238,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.409066','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000002','200',1,0.0013);
INSERT INTO "calls" VALUES(239,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.433162','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs','204',1,0.004);
INSERT INTO "calls" VALUES(240,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.425128','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs','200',1,0.0073);
INSERT INTO "calls" VALUES(241,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.493185','network','POST','/v2.0/ports','400',1,0.0066);
INSERT INTO "calls" VALUES(242,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.489259','network','GET','/v2.0/ports','200',1,0.0032);
INSERT INTO "calls" VALUES(243,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.569370','network','GET','/v2.0/ports','200',1,0.0014);
INSERT INTO "calls" VALUES(244,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.593292','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0029);
INSERT INTO "calls" VALUES(245,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.589323','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0033);
INSERT INTO "calls" VALUES(246,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.613597','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs/bbbbbbbb-0000-4000-8000-000016000002','204',1,0.0104);
INSERT INTO "calls" VALUES(247,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.630492','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000002','200',1,0.0096);
INSERT INTO "calls" VALUES(248,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.604890','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs','200',1,0.008);
INSERT INTO "calls" VALUES(249,'6c62adaa-13ba-4528-bf97-41df3077eac6','2026-11-21 11:43:40.628850','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000002','200',1,0.001);
INSERT INTO "calls" VALUES(250,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.747578','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017','200',1,0.0059);
INSERT INTO "calls" VALUES(251,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.754263','baremetal','GET','/v1/ports','200',1,0.0142);
INSERT INTO "calls" VALUES(252,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.769233','baremetal','GET','/v1/portgroups','200',1,0.0021);
INSERT INTO "calls" VALUES(253,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.773351','network','GET','/v2.0/ports','200',1,0.0099);
INSERT INTO "calls" VALUES(254,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.784071','network','GET','/v2.0/networks','200',1,0.0043);
INSERT INTO "calls" VALUES(255,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.789115','network','GET','/v2.0/ports','200',1,0.0022);
INSERT INTO "calls" VALUES(256,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.845179','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017','200',1,0.0015);
INSERT INTO "calls" VALUES(257,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.861144','baremetal','POST','/v1/allocations','201',1,0.0029);
INSERT INTO "calls" VALUES(258,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.889012','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000017000001','200',1,0.0073);
INSERT INTO "calls" VALUES(259,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.903041','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000017000002','200',1,0.009);
INSERT INTO "calls" VALUES(260,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.929445','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017/vifs','204',1,0.0025);
INSERT INTO "calls" VALUES(261,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.921340','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017/vifs','200',1,0.0072);
INSERT INTO "calls" VALUES(262,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.981100','network','POST','/v2.0/ports','201',1,0.0068);
INSERT INTO "calls" VALUES(263,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:41.002922','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017/vifs','204',1,0.0038);
INSERT INTO "calls" VALUES(264,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.968440','network','GET','/v2.0/ports','200',1,0.0116);
INSERT INTO "calls" VALUES(265,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:40.997428','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017/vifs','200',1,0.0048);
INSERT INTO "calls" VALUES(266,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:41.048572','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000017','200',1,0.0015);
INSERT INTO "calls" VALUES(267,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:41.050924','baremetal','GET','/v1/ports','200',1,0.0096);
INSERT INTO "calls" VALUES(268,'73495d09-87c3-41d4-a3d8-504bdf21f3de','2026-11-21 11:43:41.081122','network','GET','/v2.0/ports','200',1,0.002);
CREATE TABLE cluster_nodes (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	source VARCHAR(63), 
	machine VARCHAR(255), 
	cluster VARCHAR(36), 
	roles JSON NOT NULL, 
	meta JSON NOT NULL, 
	status VARCHAR(32) NOT NULL, 
	busy VARCHAR(36), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_cluster_nodes PRIMARY KEY (id), 
	CONSTRAINT fk_cluster_nodes_cluster_clusters FOREIGN KEY(cluster) REFERENCES clusters (id), 
	CONSTRAINT uq_cluster_nodes_source_machine UNIQUE (source, machine), 
	CONSTRAINT uq_cluster_nodes_project_name UNIQUE (project, name)
);
CREATE TABLE clusters (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	attributes JSON NOT NULL, 
	extensions JSON NOT NULL, 
	busy VARCHAR(36), 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_clusters PRIMARY KEY (id), 
	CONSTRAINT uq_clusters_project_name UNIQUE (project, name)
);
CREATE TABLE corral_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT corral_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "corral_alembic_version" VALUES('0005');
CREATE TABLE corral_ext_volume_manager (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT corral_ext_volume_manager_pkc PRIMARY KEY (version_num)
);
INSERT INTO "corral_ext_volume_manager" VALUES('volume_manager_0001');
CREATE TABLE ext_volume_manager_layouts (
	node VARCHAR(36) NOT NULL, 
	spaces JSON NOT NULL, 
	edited BOOLEAN NOT NULL, 
	revision INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	CONSTRAINT pk_ext_volume_manager_layouts PRIMARY KEY (node)
);
CREATE TABLE flavors (
	uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	description VARCHAR(255), 
	resources JSON NOT NULL, 
	resource_aggregates JSON NOT NULL, 
	is_public BOOLEAN NOT NULL, 
	disabled BOOLEAN NOT NULL, 
	projects JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	CONSTRAINT pk_flavors PRIMARY KEY (uuid), 
	CONSTRAINT uq_flavors_name UNIQUE (name)
);
INSERT INTO "flavors" VALUES('d3c8a082-36ae-4755-bf24-a272f9f46e5e','gold',NULL,'{"gold": "1"}','{}',1,0,'[]','2026-11-21 11:43:35.411860',NULL);
CREATE TABLE flow_claims (
	operation VARCHAR(36) NOT NULL, 
	epoch INTEGER NOT NULL, 
	owner VARCHAR(255) NOT NULL, 
	claimed_at DATETIME NOT NULL, until DATETIME, 
	CONSTRAINT pk_flow_claims PRIMARY KEY (operation), 
	CONSTRAINT fk_flow_claims_operation_operations FOREIGN KEY(operation) REFERENCES operations (uuid) ON DELETE CASCADE
);
INSERT INTO "flow_claims" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b',1,'vm:609:5f41cf70','2026-11-21 11:43:37.617767',NULL);
INSERT INTO "flow_claims" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00',1,'vm:609:5f41cf70','2026-11-21 11:43:37.666703',NULL);
INSERT INTO "flow_claims" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',1,'vm:609:5f41cf70','2026-11-21 11:43:37.807033',NULL);
INSERT INTO "flow_claims" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',1,'vm:609:5f41cf70','2026-11-21 11:43:37.817201',NULL);
INSERT INTO "flow_claims" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e',1,'vm:609:5f41cf70','2026-11-21 11:43:38.031116',NULL);
INSERT INTO "flow_claims" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',1,'vm:609:5f41cf70','2026-11-21 11:43:38.039374',NULL);
INSERT INTO "flow_claims" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',1,'vm:609:5f41cf70','2026-11-21 11:43:38.135453',NULL);
INSERT INTO "flow_claims" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05',1,'vm:609:5f41cf70','2026-11-21 11:43:38.278189',NULL);
INSERT INTO "flow_claims" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',1,'vm:609:5f41cf70','2026-11-21 11:43:38.380868',NULL);
INSERT INTO "flow_claims" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',1,'vm:609:5f41cf70','2026-11-21 11:43:38.669442',NULL);
INSERT INTO "flow_claims" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',1,'vm:609:5f41cf70','2026-11-21 11:43:38.703521',NULL);
INSERT INTO "flow_claims" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',1,'vm:609:5f41cf70','2026-11-21 11:43:38.873150',NULL);
INSERT INTO "flow_claims" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',1,'vm:609:5f41cf70','2026-11-21 11:43:39.157764',NULL);
INSERT INTO "flow_claims" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',1,'vm:609:5f41cf70','2026-11-21 11:43:39.661148',NULL);
INSERT INTO "flow_claims" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',1,'vm:609:5f41cf70','2026-11-21 11:43:39.908479',NULL);
CREATE TABLE flowdetails (
	created_at DATETIME, 
	updated_at DATETIME, 
	parent_uuid VARCHAR(64), 
	meta TEXT, 
	name VARCHAR(255), 
	state VARCHAR(255), 
	uuid VARCHAR(64) NOT NULL, 
	PRIMARY KEY (uuid), 
	FOREIGN KEY(parent_uuid) REFERENCES logbooks (uuid) ON DELETE CASCADE, 
	UNIQUE (uuid)
);
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.600783','2026-11-21 11:43:37.633372','2928bcd2-dca3-4338-a87a-43fda5f0351b','{}','unmanage',NULL,'2928bcd2-dca3-4338-a87a-43fda5f0351b');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.621602','2026-11-21 11:43:37.837900','b42bc654-89ab-4df9-b43a-83c698a08a00','{}','unmanage',NULL,'b42bc654-89ab-4df9-b43a-83c698a08a00');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.693498','2026-11-21 11:43:38.400795','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','{}','unmanage',NULL,'7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.772421','2026-11-21 11:43:37.846029','3c6b0b63-be78-462b-8ec2-718440a70b39','{}','unmanage',NULL,'3c6b0b63-be78-462b-8ec2-718440a70b39');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.787190','2026-11-21 11:43:37.925589','a11c8bdd-41b6-4660-b288-01a96b600a0a','{}','unmanage',NULL,'a11c8bdd-41b6-4660-b288-01a96b600a0a');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.901947','2026-11-21 11:43:38.346521','4f305384-fca3-4f75-acd5-0dbfdf848d05','{}','manage',NULL,'4f305384-fca3-4f75-acd5-0dbfdf848d05');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:37.980376','2026-11-21 11:43:38.072291','955e1c31-ef46-4ad0-99fa-6014bc032a5e','{}','manage',NULL,'955e1c31-ef46-4ad0-99fa-6014bc032a5e');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:38.016617','2026-11-21 11:43:38.196499','a0283723-8941-46ce-83db-1e4724dd9f7b','{}','manage',NULL,'a0283723-8941-46ce-83db-1e4724dd9f7b');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:38.109387','2026-11-21 11:43:39.016315','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','{}','manage',NULL,'2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:38.661635','2026-11-21 11:43:38.684486','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','{}','manage',NULL,'b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:38.689169','2026-11-21 11:43:38.760119','b961b76e-8a16-4e32-a8b2-524903672313','{}','manage',NULL,'b961b76e-8a16-4e32-a8b2-524903672313');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:38.785672','2026-11-21 11:43:38.887472','393c42c7-5a10-4bd7-8e8c-82979b9777eb','{}','manage',NULL,'393c42c7-5a10-4bd7-8e8c-82979b9777eb');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:39.080955','2026-11-21 11:43:39.687243','34889d88-7de8-4a68-8bb3-64a7e5271120','{}','manage',NULL,'34889d88-7de8-4a68-8bb3-64a7e5271120');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:39.130931','2026-11-21 11:43:39.296416','17dea417-7691-4486-8553-9c7d8c62b54e','{}','manage',NULL,'17dea417-7691-4486-8553-9c7d8c62b54e');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:39.871414','2026-11-21 11:43:39.965156','6c62adaa-13ba-4528-bf97-41df3077eac6','{}','manage',NULL,'6c62adaa-13ba-4528-bf97-41df3077eac6');
CREATE TABLE logbooks (
	created_at DATETIME, 
	updated_at DATETIME, 
	meta TEXT, 
	name VARCHAR(255), 
	uuid VARCHAR(64) NOT NULL, 
	PRIMARY KEY (uuid), 
	UNIQUE (uuid)
);
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.600266',NULL,'{}','unmanage','2928bcd2-dca3-4338-a87a-43fda5f0351b');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.621313',NULL,'{}','unmanage','b42bc654-89ab-4df9-b43a-83c698a08a00');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.693174',NULL,'{}','unmanage','7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.767700',NULL,'{}','unmanage','3c6b0b63-be78-462b-8ec2-718440a70b39');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.786905',NULL,'{}','unmanage','a11c8bdd-41b6-4660-b288-01a96b600a0a');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.901554',NULL,'{}','manage','4f305384-fca3-4f75-acd5-0dbfdf848d05');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:37.979956',NULL,'{}','manage','955e1c31-ef46-4ad0-99fa-6014bc032a5e');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:38.016320',NULL,'{}','manage','a0283723-8941-46ce-83db-1e4724dd9f7b');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:38.109077',NULL,'{}','manage','2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:38.661298',NULL,'{}','manage','b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:38.688848',NULL,'{}','manage','b961b76e-8a16-4e32-a8b2-524903672313');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:38.785270',NULL,'{}','manage','393c42c7-5a10-4bd7-8e8c-82979b9777eb');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:39.080591',NULL,'{}','manage','34889d88-7de8-4a68-8bb3-64a7e5271120');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:39.130613',NULL,'{}','manage','17dea417-7691-4486-8553-9c7d8c62b54e');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:39.871092',NULL,'{}','manage','6c62adaa-13ba-4528-bf97-41df3077eac6');
CREATE TABLE meta (
	name VARCHAR(64) NOT NULL, 
	value VARCHAR(255) NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('installation','a4c5b186a208');
CREATE TABLE operation_events (
	operation VARCHAR(36) NOT NULL, 
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	step VARCHAR(64), 
	message TEXT NOT NULL, 
	fraction FLOAT, 
	CONSTRAINT pk_operation_events PRIMARY KEY (operation, seq), 
	CONSTRAINT fk_operation_events_operation_operations FOREIGN KEY(operation) REFERENCES operations (uuid) ON DELETE CASCADE
);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',1,'2026-11-21 11:43:35.613589','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',2,'2026-11-21 11:43:35.613589','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',3,'2026-11-21 11:43:35.652715','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',4,'2026-11-21 11:43:35.661879','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',5,'2026-11-21 11:43:35.696894','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',6,'2026-11-21 11:43:35.700884','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',7,'2026-11-21 11:43:35.760573','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',8,'2026-11-21 11:43:35.764889','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',9,'2026-11-21 11:43:35.816606','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',10,'2026-11-21 11:43:35.820840','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',11,'2026-11-21 11:43:35.860656','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',12,'2026-11-21 11:43:35.868873','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',13,'2026-11-21 11:43:35.892680','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6',14,'2026-11-21 11:43:35.932309','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',1,'2026-11-21 11:43:36.041312','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',2,'2026-11-21 11:43:36.041312','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',3,'2026-11-21 11:43:36.092911','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',4,'2026-11-21 11:43:36.094488','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',5,'2026-11-21 11:43:36.132759','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',6,'2026-11-21 11:43:36.140800','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',7,'2026-11-21 11:43:36.192546','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',8,'2026-11-21 11:43:36.200821','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',9,'2026-11-21 11:43:36.243117','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',10,'2026-11-21 11:43:36.252836','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',11,'2026-11-21 11:43:36.297593','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',12,'2026-11-21 11:43:36.308762','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',13,'2026-11-21 11:43:36.328616','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925',14,'2026-11-21 11:43:36.360314','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',1,'2026-11-21 11:43:36.453239','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',2,'2026-11-21 11:43:36.453239','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',3,'2026-11-21 11:43:36.504806','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',4,'2026-11-21 11:43:36.512867','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',5,'2026-11-21 11:43:36.544738','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',6,'2026-11-21 11:43:36.548298','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',7,'2026-11-21 11:43:36.600569','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',8,'2026-11-21 11:43:36.604904','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',9,'2026-11-21 11:43:36.648425','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',10,'2026-11-21 11:43:36.656764','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',11,'2026-11-21 11:43:36.700633','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',12,'2026-11-21 11:43:36.708736','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',13,'2026-11-21 11:43:36.732686','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('de1774bc-6c23-4eab-b314-4de59652b633',14,'2026-11-21 11:43:36.756330','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',1,'2026-11-21 11:43:36.849779','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',2,'2026-11-21 11:43:36.849779','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',3,'2026-11-21 11:43:36.912816','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',4,'2026-11-21 11:43:36.921133','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',5,'2026-11-21 11:43:36.964875','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',6,'2026-11-21 11:43:36.973018','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',7,'2026-11-21 11:43:37.056621','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',8,'2026-11-21 11:43:37.063521','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',9,'2026-11-21 11:43:37.096535','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',10,'2026-11-21 11:43:37.100716','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',11,'2026-11-21 11:43:37.132596','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',12,'2026-11-21 11:43:37.140729','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',13,'2026-11-21 11:43:37.160556','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743',14,'2026-11-21 11:43:37.180261','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',1,'2026-11-21 11:43:37.261310','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',2,'2026-11-21 11:43:37.261310','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',3,'2026-11-21 11:43:37.336792','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',4,'2026-11-21 11:43:37.348918','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',5,'2026-11-21 11:43:37.376703','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',6,'2026-11-21 11:43:37.384835','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',7,'2026-11-21 11:43:37.440972','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',8,'2026-11-21 11:43:37.444814','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',9,'2026-11-21 11:43:37.491404','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',10,'2026-11-21 11:43:37.500800','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',11,'2026-11-21 11:43:37.536659','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',12,'2026-11-21 11:43:37.540721','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',13,'2026-11-21 11:43:37.560601','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4',14,'2026-11-21 11:43:37.588310','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b',1,'2026-11-21 11:43:37.642909','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b',2,'2026-11-21 11:43:37.642909','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b',3,'2026-11-21 11:43:37.736871','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b',4,'2026-11-21 11:43:37.749152','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',1,'2026-11-21 11:43:37.856208','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',2,'2026-11-21 11:43:37.856208','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00',1,'2026-11-21 11:43:37.874799','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00',2,'2026-11-21 11:43:37.874799','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',1,'2026-11-21 11:43:37.956159','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',2,'2026-11-21 11:43:37.956159','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',3,'2026-11-21 11:43:38.012578','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',4,'2026-11-21 11:43:38.023352','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e',1,'2026-11-21 11:43:38.087516','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e',2,'2026-11-21 11:43:38.087516','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e',3,'2026-11-21 11:43:38.152618','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e',4,'2026-11-21 11:43:38.164767','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',1,'2026-11-21 11:43:38.209257','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',2,'2026-11-21 11:43:38.209257','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',5,'2026-11-21 11:43:38.237835','step.done','unplug','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',6,'2026-11-21 11:43:38.241439','step.started','restore_ports','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',3,'2026-11-21 11:43:38.247571','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',4,'2026-11-21 11:43:38.249175','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',3,'2026-11-21 11:43:38.253676','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',4,'2026-11-21 11:43:38.258744','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',5,'2026-11-21 11:43:38.264399','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b',6,'2026-11-21 11:43:38.266877','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',5,'2026-11-21 11:43:38.356485','step.done','unplug','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39',6,'2026-11-21 11:43:38.359241','step.started','restore_ports','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05',1,'2026-11-21 11:43:38.364201','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05',2,'2026-11-21 11:43:38.364201','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',1,'2026-11-21 11:43:38.427617','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',2,'2026-11-21 11:43:38.427617','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05',3,'2026-11-21 11:43:38.485002','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05',4,'2026-11-21 11:43:38.500961','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',3,'2026-11-21 11:43:38.540812','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',4,'2026-11-21 11:43:38.548927','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',5,'2026-11-21 11:43:38.615244','step.done','unplug','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f',6,'2026-11-21 11:43:38.629049','step.started','restore_ports','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',1,'2026-11-21 11:43:38.691713','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',2,'2026-11-21 11:43:38.691713','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',1,'2026-11-21 11:43:38.769734','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',2,'2026-11-21 11:43:38.769734','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',3,'2026-11-21 11:43:38.828788','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',4,'2026-11-21 11:43:38.832663','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',3,'2026-11-21 11:43:38.860650','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',4,'2026-11-21 11:43:38.864915','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',1,'2026-11-21 11:43:38.911439','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',2,'2026-11-21 11:43:38.911439','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',1,'2026-11-21 11:43:38.997193','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',2,'2026-11-21 11:43:38.997193','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',5,'2026-11-21 11:43:39.005557','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',6,'2026-11-21 11:43:39.009337','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',1,'2026-11-21 11:43:39.041619','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',2,'2026-11-21 11:43:39.041619','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',3,'2026-11-21 11:43:39.107140','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',4,'2026-11-21 11:43:39.114927','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',3,'2026-11-21 11:43:39.155708','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',4,'2026-11-21 11:43:39.169981','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',7,'2026-11-21 11:43:39.241182','step.done','restore_ports','',4.28571428571428547638e-01);
INSERT INTO "operation_events" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a',8,'2026-11-21 11:43:39.247629','step.started','release','',4.28571428571428547638e-01);
INSERT INTO "operation_events" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',3,'2026-11-21 11:43:39.276713','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',4,'2026-11-21 11:43:39.284983','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',1,'2026-11-21 11:43:39.340852','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',2,'2026-11-21 11:43:39.340852','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',5,'2026-11-21 11:43:39.344025','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e',6,'2026-11-21 11:43:39.345719','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',7,'2026-11-21 11:43:39.367297','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('b961b76e-8a16-4e32-a8b2-524903672313',8,'2026-11-21 11:43:39.375329','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',3,'2026-11-21 11:43:39.408700','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',4,'2026-11-21 11:43:39.416837','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',5,'2026-11-21 11:43:39.422330','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2',6,'2026-11-21 11:43:39.425947','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',5,'2026-11-21 11:43:39.442195','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',6,'2026-11-21 11:43:39.448267','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',7,'2026-11-21 11:43:39.480505','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',8,'2026-11-21 11:43:39.487768','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',9,'2026-11-21 11:43:39.524541','step.failed','create_ports','network: POST /v2.0/ports was answered 400: The network is full.',NULL);
INSERT INTO "operation_events" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e',10,'2026-11-21 11:43:39.590023','step.undone','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00',3,'2026-11-21 11:43:39.642395','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00',4,'2026-11-21 11:43:39.649017','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',5,'2026-11-21 11:43:39.680132','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',6,'2026-11-21 11:43:39.684335','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',1,'2026-11-21 11:43:39.715397','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',2,'2026-11-21 11:43:39.715397','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',7,'2026-11-21 11:43:39.735647','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',8,'2026-11-21 11:43:39.739966','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',3,'2026-11-21 11:43:39.760608','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',4,'2026-11-21 11:43:39.768752','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',5,'2026-11-21 11:43:39.848554','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',6,'2026-11-21 11:43:39.850850','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',9,'2026-11-21 11:43:39.857482','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',10,'2026-11-21 11:43:39.858842','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',5,'2026-11-21 11:43:39.990629','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',6,'2026-11-21 11:43:39.995664','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',11,'2026-11-21 11:43:40.022316','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',12,'2026-11-21 11:43:40.023551','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',13,'2026-11-21 11:43:40.030660','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',7,'2026-11-21 11:43:40.072809','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',8,'2026-11-21 11:43:40.077213','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',1,'2026-11-21 11:43:40.097487','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',2,'2026-11-21 11:43:40.097487','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',9,'2026-11-21 11:43:40.134788','step.failed','create_ports','network: POST /v2.0/ports was answered 400: The network is full.',NULL);
INSERT INTO "operation_events" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120',10,'2026-11-21 11:43:40.239928','step.undone','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',3,'2026-11-21 11:43:40.273907','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',4,'2026-11-21 11:43:40.279070','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',7,'2026-11-21 11:43:40.293232','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb',8,'2026-11-21 11:43:40.310981','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',5,'2026-11-21 11:43:40.376686','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',6,'2026-11-21 11:43:40.388841','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',7,'2026-11-21 11:43:40.468666','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',8,'2026-11-21 11:43:40.480949','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',9,'2026-11-21 11:43:40.521184','step.failed','create_ports','network: POST /v2.0/ports was answered 400: The network is full.',NULL);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',10,'2026-11-21 11:43:40.580551','step.undone','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6',11,'2026-11-21 11:43:40.648517','step.undone','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a',14,'2026-11-21 11:43:40.712413','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',1,'2026-11-21 11:43:40.741153','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',2,'2026-11-21 11:43:40.741153','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',3,'2026-11-21 11:43:40.820687','step.done','observe','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',4,'2026-11-21 11:43:40.832988','step.started','claim','',1.66666666666666657414e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',5,'2026-11-21 11:43:40.868775','step.done','claim','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',6,'2026-11-21 11:43:40.880904','step.started','bind','',3.33333333333333314829e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',7,'2026-11-21 11:43:40.947626','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',8,'2026-11-21 11:43:40.960922','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',9,'2026-11-21 11:43:41.032781','step.done','create_ports','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',10,'2026-11-21 11:43:41.041112','step.started','verify','',6.66666666666666629659e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',11,'2026-11-21 11:43:41.088990','step.done','verify','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',12,'2026-11-21 11:43:41.097005','step.started','activate','',8.3333333333333337034e-01);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',13,'2026-11-21 11:43:41.116663','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de',14,'2026-11-21 11:43:41.144399','operation.succeeded',NULL,'',1.0);
CREATE TABLE operations (
	uuid VARCHAR(36) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	flow_version INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	params JSON NOT NULL, 
	"key" VARCHAR(255), 
	subject VARCHAR(36), 
	source VARCHAR(255), 
	machine VARCHAR(255), 
	project_id VARCHAR(64), 
	user_id VARCHAR(64), 
	step VARCHAR(255), 
	progress FLOAT NOT NULL, 
	result JSON, 
	error JSON, 
	needs_attention TEXT, 
	cancel_requested BOOLEAN NOT NULL, 
	retry_at DATETIME, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	finished_at DATETIME, 
	CONSTRAINT pk_operations PRIMARY KEY (uuid)
);
INSERT INTO "operations" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6','manage',2,'succeeded','{"server": "fb971939-6715-88e9-a237-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000009", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-9", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000009", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000009000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000009000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "27cf890509b17cc8afafa5cdaec9ab12e7765ee2ef659fe391ddffa7686bc864", "name": "server-9"}',NULL,'fb971939-6715-88e9-a237-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000009','bank','operator',NULL,1.0,'{"server": "fb971939-6715-88e9-a237-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:35.512836','2026-11-21 11:43:35.613589','2026-11-21 11:43:35.932309');
INSERT INTO "operations" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925','manage',2,'succeeded','{"server": "2c09927c-5feb-8598-b8a4-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000010", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-10", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000010", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000010000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000010000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "554cdafc45ee421b556b7c07a7ab62da0767934aabd0e05dfda303dbf99f02d0", "name": "server-10"}',NULL,'2c09927c-5feb-8598-b8a4-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000010','bank','operator',NULL,1.0,'{"server": "2c09927c-5feb-8598-b8a4-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:35.990414','2026-11-21 11:43:36.041312','2026-11-21 11:43:36.360314');
INSERT INTO "operations" VALUES('de1774bc-6c23-4eab-b314-4de59652b633','manage',2,'succeeded','{"server": "6e877ea8-0132-8d29-8731-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000011", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-11", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000011", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000011000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000011000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "aca1ac1ce1c48d5809b02574cbe9d0ec5a9aa202ba5b693f4c533cc12ff61d38", "name": "server-11"}',NULL,'6e877ea8-0132-8d29-8731-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000011','bank','operator',NULL,1.0,'{"server": "6e877ea8-0132-8d29-8731-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:36.401771','2026-11-21 11:43:36.453239','2026-11-21 11:43:36.756330');
INSERT INTO "operations" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743','manage',2,'succeeded','{"server": "647352f4-8368-867a-ae5c-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000012", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-12", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000012", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000012000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000012000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "24ec2ca4c4d0234d9d91e29cb8c6f88be513145a441be04db28838155630a63b", "name": "server-12"}',NULL,'647352f4-8368-867a-ae5c-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000012','bank','operator',NULL,1.0,'{"server": "647352f4-8368-867a-ae5c-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:36.799787','2026-11-21 11:43:36.849779','2026-11-21 11:43:37.180261');
INSERT INTO "operations" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4','manage',2,'succeeded','{"server": "74ffbc07-3f7d-86cd-9697-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000013", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-13", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000013", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000013000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000013000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "75b6d71c2b2a4498b84ebeca2c5d932ef62ddd01af361d622d08859921e69f53", "name": "server-13"}',NULL,'74ffbc07-3f7d-86cd-9697-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000013','bank','operator',NULL,1.0,'{"server": "74ffbc07-3f7d-86cd-9697-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:37.208897','2026-11-21 11:43:37.261310','2026-11-21 11:43:37.588310');
INSERT INTO "operations" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b','unmanage',1,'running','{"server": "fb971939-6715-88e9-a237-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000009", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-9"}',NULL,'fb971939-6715-88e9-a237-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000009','bank','operator','Unplug what Corral plugged in',1.42857142857142849212e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.595642','2026-11-21 11:43:37.642909',NULL);
INSERT INTO "operations" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00','unmanage',1,'running','{"server": "2c09927c-5feb-8598-b8a4-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000010", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-10"}',NULL,'2c09927c-5feb-8598-b8a4-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000010','bank','operator','Unplug what Corral plugged in',1.42857142857142849212e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.620966','2026-11-21 11:43:37.874799',NULL);
INSERT INTO "operations" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','unmanage',1,'running','{"server": "6e877ea8-0132-8d29-8731-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000011", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-11"}',NULL,'6e877ea8-0132-8d29-8731-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000011','bank','operator','Restore the ports',2.85714285714285698425e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.692660','2026-11-21 11:43:38.427617',NULL);
INSERT INTO "operations" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39','unmanage',1,'running','{"server": "647352f4-8368-867a-ae5c-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000012", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-12"}',NULL,'647352f4-8368-867a-ae5c-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000012','bank','operator','Restore the ports',2.85714285714285698425e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.767152','2026-11-21 11:43:37.856208',NULL);
INSERT INTO "operations" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a','unmanage',1,'running','{"server": "74ffbc07-3f7d-86cd-9697-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000013", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-13"}',NULL,'74ffbc07-3f7d-86cd-9697-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000013','bank','operator','Release the claim',4.28571428571428547638e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.786563','2026-11-21 11:43:37.956159',NULL);
INSERT INTO "operations" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05','manage',2,'running','{"server": "2fa9806d-5e11-83ab-b346-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000001", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-1", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000001", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000001000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000001000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "75dac3658a990bdff44c3af9437318f66f72574433786dc37074c3f330d40c87", "name": "server-1"}',NULL,'2fa9806d-5e11-83ab-b346-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000001','bank','operator','Claim and protect the machine',1.66666666666666657414e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.901003','2026-11-21 11:43:38.364201',NULL);
INSERT INTO "operations" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e','manage',2,'running','{"server": "2b262fc2-6701-850a-848d-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000002", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-2", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000002", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000002000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000002000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "7c3ca072213e0968ca96bf23490024caf79579faa82e07e057ce7f3a6e3c6aac", "name": "server-2"}',NULL,'2b262fc2-6701-850a-848d-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000002','bank','operator','Claim and protect the machine',1.66666666666666657414e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:37.979523','2026-11-21 11:43:38.087516',NULL);
INSERT INTO "operations" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b','manage',2,'running','{"server": "36544549-db0e-8241-87ac-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000003", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-3", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000003", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000003000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000003000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "d452241ba8d9f6671339e430af88148d6b717c9b12da7d980a153626d2cffd4b", "name": "server-3"}',NULL,'36544549-db0e-8241-87ac-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000003','bank','operator','Bind existing ports',3.33333333333333314829e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:38.015856','2026-11-21 11:43:38.209257',NULL);
INSERT INTO "operations" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','manage',2,'running','{"server": "1aaad96d-fc59-8b25-ad46-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000004", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-4", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000004", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000004000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000004000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "95c58c0cffc1c1b5c39259149f65c5fd03a7a1e1bcc5a9d5487999b756d10c47", "name": "server-4"}',NULL,'1aaad96d-fc59-8b25-ad46-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000004','bank','operator','Bind existing ports',3.33333333333333314829e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:38.108664','2026-11-21 11:43:39.041619',NULL);
INSERT INTO "operations" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','manage',2,'running','{"server": "17dd8100-4e6a-8013-85bc-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000005", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-5", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000005", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000005000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000005000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "1eb374c78c0b98c7aec73900915871076a6ef3d0393bee38bbb378b5c1ea695d", "name": "server-5"}',NULL,'17dd8100-4e6a-8013-85bc-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000005','bank','operator','Bind existing ports',3.33333333333333314829e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:38.660718','2026-11-21 11:43:38.691713',NULL);
INSERT INTO "operations" VALUES('b961b76e-8a16-4e32-a8b2-524903672313','manage',2,'running','{"server": "fb1b252d-e77d-872e-8803-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000006", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-6", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000006", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000006000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000006000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "e7a9aa47212c84b2c6c0e4d26aea51e3f3cc6bdef68303abb4583893f8a7ee0d", "name": "server-6"}',NULL,'fb1b252d-e77d-872e-8803-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000006','bank','operator','Create and plug new ports',0.5,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:38.688458','2026-11-21 11:43:38.769734',NULL);
INSERT INTO "operations" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb','manage',2,'running','{"server": "aeb2f35a-bc3e-8759-9c07-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000007", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-7", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000007", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000007000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000007000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "866624ef12c5181817910c23e11bbf6eee683a6ec7a4455eea2b74692d0c606d", "name": "server-7"}',NULL,'aeb2f35a-bc3e-8759-9c07-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000007','bank','operator','Create and plug new ports',0.5,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:38.784709','2026-11-21 11:43:38.911439',NULL);
INSERT INTO "operations" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','manage',2,'succeeded','{"server": "1398643c-7f2e-8635-8666-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000008", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-8", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000008", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000008000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000008000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "5dd8707634a3431296c085f716f0438a585357c3fd2bd6849fd2aab7f88e4e87", "name": "server-8"}',NULL,'1398643c-7f2e-8635-8666-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000008','bank','operator',NULL,1.0,'{"server": "1398643c-7f2e-8635-8666-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:38.924952','2026-11-21 11:43:38.997193','2026-11-21 11:43:40.712413');
INSERT INTO "operations" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120','manage',2,'reverting','{"server": "846e79d7-01d4-8892-a6d5-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000014", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-14", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000014", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000014000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000014000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "f850aa44c83915afa68d91c4e2988a2ecda41deaeef1ff3493eea1affca1c5d2", "name": "server-14"}',NULL,'846e79d7-01d4-8892-a6d5-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000014','bank','operator','Bind existing ports',0.5,NULL,'{"message": "network: POST /v2.0/ports was answered 400: The network is full.", "code": "driver-failed", "fix": "", "type": "Rejected", "step": "create_ports"}',NULL,0,NULL,'2026-11-21 11:43:39.080157','2026-11-21 11:43:39.715397',NULL);
INSERT INTO "operations" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e','manage',2,'reverting','{"server": "4f852517-5303-8398-ad80-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000015", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-15", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000015", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000015000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000015000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "14d5718499b3828df10d8e08b51d45866a7393455c62e14c6145e5e60d70b24e", "name": "server-15"}',NULL,'4f852517-5303-8398-ad80-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000015','bank','operator','Bind existing ports',0.5,NULL,'{"message": "network: POST /v2.0/ports was answered 400: The network is full.", "code": "driver-failed", "fix": "", "type": "Rejected", "step": "create_ports"}',NULL,0,NULL,'2026-11-21 11:43:39.130171','2026-11-21 11:43:39.340852',NULL);
INSERT INTO "operations" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6','manage',2,'reverting','{"server": "8543408b-b29b-83c1-9e67-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000016", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-16", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000016", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000016000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000016000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "b184c89709059fb7ef74a742f96ec9958a4db8d4551d9d8a279ff4139654b713", "name": "server-16"}',NULL,'8543408b-b29b-83c1-9e67-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000016','bank','operator','Claim and protect the machine',3.33333333333333314829e-01,NULL,'{"message": "network: POST /v2.0/ports was answered 400: The network is full.", "code": "driver-failed", "fix": "", "type": "Rejected", "step": "create_ports"}',NULL,0,NULL,'2026-11-21 11:43:39.870668','2026-11-21 11:43:40.097487',NULL);
INSERT INTO "operations" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de','manage',2,'succeeded','{"server": "9c9faf93-4094-8108-82aa-a4c5b186a208", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000017", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-17", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000017", "flavor_uuid": "d3c8a082-36ae-4755-bf24-a272f9f46e5e", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000017000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000017000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "602dfe33829a231505ca722cdf5d3b75008ad341935e0c150cb39af8f1dbd8d9", "name": "server-17"}',NULL,'9c9faf93-4094-8108-82aa-a4c5b186a208','lab','aaaaaaaa-0000-4000-8000-000000000017','bank','operator',NULL,1.0,'{"server": "9c9faf93-4094-8108-82aa-a4c5b186a208", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:39.955719','2026-11-21 11:43:40.741153','2026-11-21 11:43:41.144399');
CREATE TABLE plan_items (
	"plan" VARCHAR(36) NOT NULL, 
	position INTEGER NOT NULL, 
	source VARCHAR(63) NOT NULL, 
	machine VARCHAR(255) NOT NULL, 
	machine_name VARCHAR(255), 
	project VARCHAR(64) NOT NULL, 
	basis VARCHAR(64) NOT NULL, 
	request JSON NOT NULL, 
	reasons JSON NOT NULL, 
	steps JSON NOT NULL, adoptable BOOLEAN, operation VARCHAR(36), error JSON, 
	CONSTRAINT pk_plan_items PRIMARY KEY ("plan", position), 
	CONSTRAINT fk_plan_items_plan_plans FOREIGN KEY("plan") REFERENCES plans (uuid) ON DELETE CASCADE
);
CREATE TABLE plans (
	uuid VARCHAR(36) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	user VARCHAR(64), 
	digest VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	applied_at DATETIME, 
	operations JSON NOT NULL, paused_at DATETIME, cancelled_at DATETIME, feeder VARCHAR(36), 
	CONSTRAINT pk_plans PRIMARY KEY (uuid)
);
CREATE TABLE proofs (
	operation VARCHAR(36) NOT NULL, 
	server VARCHAR(36) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	user VARCHAR(64), 
	project VARCHAR(64) NOT NULL, 
	source VARCHAR(63) NOT NULL, 
	machine VARCHAR(255) NOT NULL, 
	"before" JSON, 
	"after" JSON, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_proofs PRIMARY KEY (operation)
);
INSERT INTO "proofs" VALUES('25f505e4-28fa-47e7-be1e-9942ec3c40b6','fb971939-6715-88e9-a237-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000009','{"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}','2026-11-21 11:43:35.524801');
INSERT INTO "proofs" VALUES('137cfb85-6930-49bb-83b6-7f68bfe83925','2c09927c-5feb-8598-b8a4-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000010','{"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}','2026-11-21 11:43:35.991848');
INSERT INTO "proofs" VALUES('de1774bc-6c23-4eab-b314-4de59652b633','6e877ea8-0132-8d29-8731-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000011','{"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}','2026-11-21 11:43:36.402985');
INSERT INTO "proofs" VALUES('409ae0dc-2a6d-468c-a9d7-0bde8d6de743','647352f4-8368-867a-ae5c-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000012','{"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}','2026-11-21 11:43:36.804275');
INSERT INTO "proofs" VALUES('88402e27-1b53-4950-b94c-2685c6bb42e4','74ffbc07-3f7d-86cd-9697-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000013','{"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}','2026-11-21 11:43:37.210074');
INSERT INTO "proofs" VALUES('2928bcd2-dca3-4338-a87a-43fda5f0351b','fb971939-6715-88e9-a237-a4c5b186a208','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000009','{"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}',NULL,'2026-11-21 11:43:37.601934');
INSERT INTO "proofs" VALUES('b42bc654-89ab-4df9-b43a-83c698a08a00','2c09927c-5feb-8598-b8a4-a4c5b186a208','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000010','{"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}',NULL,'2026-11-21 11:43:37.622647');
INSERT INTO "proofs" VALUES('7d33b3b4-cb0c-4cd0-b2d1-967c2f19054f','6e877ea8-0132-8d29-8731-a4c5b186a208','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000011','{"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}',NULL,'2026-11-21 11:43:37.694718');
INSERT INTO "proofs" VALUES('3c6b0b63-be78-462b-8ec2-718440a70b39','647352f4-8368-867a-ae5c-a4c5b186a208','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000012','{"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}',NULL,'2026-11-21 11:43:37.773714');
INSERT INTO "proofs" VALUES('a11c8bdd-41b6-4660-b288-01a96b600a0a','74ffbc07-3f7d-86cd-9697-a4c5b186a208','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000013','{"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}',NULL,'2026-11-21 11:43:37.797234');
INSERT INTO "proofs" VALUES('4f305384-fca3-4f75-acd5-0dbfdf848d05','2fa9806d-5e11-83ab-b346-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000001','{"machine": "aaaaaaaa-0000-4000-8000-000000000001", "name": "node-1", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:01:01", "52:54:00:00:01:02", "52:54:00:00:01:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3f2c33e95bfd3b78134501d0f2186d307c91a0fbda13775e0df855742a6a22b4"}',NULL,'2026-11-21 11:43:37.902605');
INSERT INTO "proofs" VALUES('955e1c31-ef46-4ad0-99fa-6014bc032a5e','2b262fc2-6701-850a-848d-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000002','{"machine": "aaaaaaaa-0000-4000-8000-000000000002", "name": "node-2", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:02:01", "52:54:00:00:02:02", "52:54:00:00:02:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "4821ddc714501a3442cd0a14656e302b6c93b508824e8cfee99f8182d7b6dbfb"}',NULL,'2026-11-21 11:43:37.981024');
INSERT INTO "proofs" VALUES('a0283723-8941-46ce-83db-1e4724dd9f7b','36544549-db0e-8241-87ac-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000003','{"machine": "aaaaaaaa-0000-4000-8000-000000000003", "name": "node-3", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:03:01", "52:54:00:00:03:02", "52:54:00:00:03:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79416bbe27067e0bb4b832548fa168199d821f2980fad832a08c576a7dfcd683"}',NULL,'2026-11-21 11:43:38.017108');
INSERT INTO "proofs" VALUES('2e9fd576-b4de-4105-9c3e-2ec32b9b4ab2','1aaad96d-fc59-8b25-ad46-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000004','{"machine": "aaaaaaaa-0000-4000-8000-000000000004", "name": "node-4", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:04:01", "52:54:00:00:04:02", "52:54:00:00:04:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "63bb65e3c3b470775de46d434544ce9ba422c16b44414a0fa6449b65db275d86"}',NULL,'2026-11-21 11:43:38.110105');
INSERT INTO "proofs" VALUES('b7b5ceb0-4cd3-4707-bc35-7d7e3c7cf18e','17dd8100-4e6a-8013-85bc-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000005','{"machine": "aaaaaaaa-0000-4000-8000-000000000005", "name": "node-5", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:05:01", "52:54:00:00:05:02", "52:54:00:00:05:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "e7ffe6163b82bc45677d6b21c3262be2ff872647ce33099236f0b327a7ee6669"}',NULL,'2026-11-21 11:43:38.662279');
INSERT INTO "proofs" VALUES('b961b76e-8a16-4e32-a8b2-524903672313','fb1b252d-e77d-872e-8803-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000006','{"machine": "aaaaaaaa-0000-4000-8000-000000000006", "name": "node-6", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:06:01", "52:54:00:00:06:02", "52:54:00:00:06:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3dd948bb78c94fed21ebd3b2d216a65d8902c021647d5ba8fa50f8500346f1ef"}',NULL,'2026-11-21 11:43:38.689748');
INSERT INTO "proofs" VALUES('393c42c7-5a10-4bd7-8e8c-82979b9777eb','aeb2f35a-bc3e-8759-9c07-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000007','{"machine": "aaaaaaaa-0000-4000-8000-000000000007", "name": "node-7", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:07:01", "52:54:00:00:07:02", "52:54:00:00:07:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "9241711bff4b5dfa2feefae3d5a702e732ce7609b9f0eabe54d76d4a4056ba29"}',NULL,'2026-11-21 11:43:38.786193');
INSERT INTO "proofs" VALUES('7a96599e-d74e-44ab-abb0-6dc6ddc7b71a','1398643c-7f2e-8635-8666-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000008','{"machine": "aaaaaaaa-0000-4000-8000-000000000008", "name": "node-8", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:08:01", "52:54:00:00:08:02", "52:54:00:00:08:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ea3d80a0aa9923ba00cbe52ac6cf83a5f72a35aec48c783255f26634258a7cae"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000008", "name": "node-8", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:08:01", "52:54:00:00:08:02", "52:54:00:00:08:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ea3d80a0aa9923ba00cbe52ac6cf83a5f72a35aec48c783255f26634258a7cae"}','2026-11-21 11:43:38.926353');
INSERT INTO "proofs" VALUES('34889d88-7de8-4a68-8bb3-64a7e5271120','846e79d7-01d4-8892-a6d5-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000014','{"machine": "aaaaaaaa-0000-4000-8000-000000000014", "name": "node-14", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0e:01", "52:54:00:00:0e:02", "52:54:00:00:0e:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3966148724224081629fecc339de77a4665bea4ac6dc14917e65d2bed61b8393"}',NULL,'2026-11-21 11:43:39.081761');
INSERT INTO "proofs" VALUES('17dea417-7691-4486-8553-9c7d8c62b54e','4f852517-5303-8398-ad80-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000015','{"machine": "aaaaaaaa-0000-4000-8000-000000000015", "name": "node-15", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0f:01", "52:54:00:00:0f:02", "52:54:00:00:0f:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ccc23f0cccae1a1559b4a6db7008eb4e1a3afaf8007614354e2ff0bd644cfc68"}',NULL,'2026-11-21 11:43:39.131477');
INSERT INTO "proofs" VALUES('6c62adaa-13ba-4528-bf97-41df3077eac6','8543408b-b29b-83c1-9e67-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000016','{"machine": "aaaaaaaa-0000-4000-8000-000000000016", "name": "node-16", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:10:01", "52:54:00:00:10:02", "52:54:00:00:10:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "431e45d1067d8e42f030c7968e674ee1eac6c34868e5f1410cee06033533771b"}',NULL,'2026-11-21 11:43:39.871962');
INSERT INTO "proofs" VALUES('73495d09-87c3-41d4-a3d8-504bdf21f3de','9c9faf93-4094-8108-82aa-a4c5b186a208','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000017','{"machine": "aaaaaaaa-0000-4000-8000-000000000017", "name": "node-17", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:11:01", "52:54:00:00:11:02", "52:54:00:00:11:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "7a8e4379e2a6acda7f274fb9f6a500fdbe3645c4face8a145c1b0e94fa64d758"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000017", "name": "node-17", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:11:01", "52:54:00:00:11:02", "52:54:00:00:11:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "7a8e4379e2a6acda7f274fb9f6a500fdbe3645c4face8a145c1b0e94fa64d758"}','2026-11-21 11:43:39.959185');
CREATE TABLE server_macs (
	mac VARCHAR(64) NOT NULL, 
	server VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_server_macs PRIMARY KEY (mac), 
	CONSTRAINT fk_server_macs_server_servers FOREIGN KEY(server) REFERENCES servers (uuid) ON DELETE CASCADE
);
INSERT INTO "server_macs" VALUES('52:54:00:00:09:01','fb971939-6715-88e9-a237-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:09:02','fb971939-6715-88e9-a237-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:09:03','fb971939-6715-88e9-a237-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0a:01','2c09927c-5feb-8598-b8a4-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0a:02','2c09927c-5feb-8598-b8a4-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0a:03','2c09927c-5feb-8598-b8a4-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0b:01','6e877ea8-0132-8d29-8731-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0b:02','6e877ea8-0132-8d29-8731-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0b:03','6e877ea8-0132-8d29-8731-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0c:01','647352f4-8368-867a-ae5c-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0c:02','647352f4-8368-867a-ae5c-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0c:03','647352f4-8368-867a-ae5c-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0d:01','74ffbc07-3f7d-86cd-9697-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0d:02','74ffbc07-3f7d-86cd-9697-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:0d:03','74ffbc07-3f7d-86cd-9697-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:08:01','1398643c-7f2e-8635-8666-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:08:02','1398643c-7f2e-8635-8666-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:08:03','1398643c-7f2e-8635-8666-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:11:01','9c9faf93-4094-8108-82aa-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:11:02','9c9faf93-4094-8108-82aa-a4c5b186a208');
INSERT INTO "server_macs" VALUES('52:54:00:00:11:03','9c9faf93-4094-8108-82aa-a4c5b186a208');
CREATE TABLE server_nics (
	port VARCHAR(36) NOT NULL, 
	server VARCHAR(36) NOT NULL, 
	position INTEGER NOT NULL, 
	network VARCHAR(36) NOT NULL, 
	mac VARCHAR(64) NOT NULL, 
	addresses JSON NOT NULL, 
	port_type VARCHAR(255), 
	made BOOLEAN NOT NULL, 
	plugged BOOLEAN NOT NULL, 
	CONSTRAINT pk_server_nics PRIMARY KEY (port), 
	CONSTRAINT fk_server_nics_server_servers FOREIGN KEY(server) REFERENCES servers (uuid) ON DELETE CASCADE
);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000009000001','fb971939-6715-88e9-a237-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:09:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000009000002','fb971939-6715-88e9-a237-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:09:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('807f702e-0557-4725-a1d9-ad43fa1c9cc1','fb971939-6715-88e9-a237-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:09:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000010000001','2c09927c-5feb-8598-b8a4-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0a:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000010000002','2c09927c-5feb-8598-b8a4-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0a:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('72b69ebd-6b85-4e3d-b863-71d5ba5a64ee','2c09927c-5feb-8598-b8a4-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0a:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000011000001','6e877ea8-0132-8d29-8731-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0b:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000011000002','6e877ea8-0132-8d29-8731-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0b:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('f6e3eb8d-1d76-4ed7-b101-84e0134842e1','6e877ea8-0132-8d29-8731-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0b:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000012000001','647352f4-8368-867a-ae5c-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0c:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000012000002','647352f4-8368-867a-ae5c-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0c:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('ef6440bb-2670-44a4-99fc-316e6d3b4b78','647352f4-8368-867a-ae5c-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0c:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000013000001','74ffbc07-3f7d-86cd-9697-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0d:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000013000002','74ffbc07-3f7d-86cd-9697-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0d:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('5d36ae2c-bb13-4d91-9158-534529ff300d','74ffbc07-3f7d-86cd-9697-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0d:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000008000001','1398643c-7f2e-8635-8666-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:08:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000008000002','1398643c-7f2e-8635-8666-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:08:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('d712c68d-f251-440e-8f8d-0e4c009c1bbf','1398643c-7f2e-8635-8666-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:08:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000017000001','9c9faf93-4094-8108-82aa-a4c5b186a208',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:11:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000017000002','9c9faf93-4094-8108-82aa-a4c5b186a208',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:11:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('02953225-0c11-4d47-958f-bcfcc43f62df','9c9faf93-4094-8108-82aa-a4c5b186a208',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:11:03','[]',NULL,1,1);
CREATE TABLE servers (
	uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	source VARCHAR(63) NOT NULL, 
	machine VARCHAR(255) NOT NULL, 
	machine_name VARCHAR(255), 
	project VARCHAR(64) NOT NULL, 
	user VARCHAR(64), 
	description VARCHAR(255), 
	status VARCHAR(32) NOT NULL, 
	power VARCHAR(32), 
	flavor VARCHAR(36) NOT NULL, 
	availability_zone VARCHAR(255), 
	image VARCHAR(36), 
	metadata JSON NOT NULL, 
	locked BOOLEAN NOT NULL, 
	adopted BOOLEAN NOT NULL, 
	warnings JSON NOT NULL, 
	snapshot JSON NOT NULL, 
	fault JSON, 
	launched_at DATETIME, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_servers PRIMARY KEY (uuid), 
	CONSTRAINT uq_servers_source_machine UNIQUE (source, machine), 
	CONSTRAINT uq_servers_project_name UNIQUE (project, name)
);
INSERT INTO "servers" VALUES('fb971939-6715-88e9-a237-a4c5b186a208','server-9','lab','aaaaaaaa-0000-4000-8000-000000000009','node-9','bank','operator',NULL,'unmanaging','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000009000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000009", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000009000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000009000001"]}',NULL,'2026-11-21 11:43:35.873558','2026-11-21 11:43:35.515176','2026-11-21 11:43:37.600851',3);
INSERT INTO "servers" VALUES('2c09927c-5feb-8598-b8a4-a4c5b186a208','server-10','lab','aaaaaaaa-0000-4000-8000-000000000010','node-10','bank','operator',NULL,'unmanaging','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000010000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000010", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000010000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000010000001"]}',NULL,'2026-11-21 11:43:36.317806','2026-11-21 11:43:35.991338','2026-11-21 11:43:37.621656',3);
INSERT INTO "servers" VALUES('6e877ea8-0132-8d29-8731-a4c5b186a208','server-11','lab','aaaaaaaa-0000-4000-8000-000000000011','node-11','bank','operator',NULL,'unmanaging','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000011000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000011", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000011000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000011000001"]}',NULL,'2026-11-21 11:43:36.717529','2026-11-21 11:43:36.402540','2026-11-21 11:43:37.693563',3);
INSERT INTO "servers" VALUES('647352f4-8368-867a-ae5c-a4c5b186a208','server-12','lab','aaaaaaaa-0000-4000-8000-000000000012','node-12','bank','operator',NULL,'unmanaging','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000012000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000012", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000012000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000012000001"]}',NULL,'2026-11-21 11:43:37.150419','2026-11-21 11:43:36.803752','2026-11-21 11:43:37.772536',3);
INSERT INTO "servers" VALUES('74ffbc07-3f7d-86cd-9697-a4c5b186a208','server-13','lab','aaaaaaaa-0000-4000-8000-000000000013','node-13','bank','operator',NULL,'unmanaging','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000013000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000013", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000013000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000013000001"]}',NULL,'2026-11-21 11:43:37.547433','2026-11-21 11:43:37.209626','2026-11-21 11:43:37.787243',3);
INSERT INTO "servers" VALUES('2fa9806d-5e11-83ab-b346-a4c5b186a208','server-1','lab','aaaaaaaa-0000-4000-8000-000000000001','node-1','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:37.902035',NULL,1);
INSERT INTO "servers" VALUES('2b262fc2-6701-850a-848d-a4c5b186a208','server-2','lab','aaaaaaaa-0000-4000-8000-000000000002','node-2','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:37.980446',NULL,1);
INSERT INTO "servers" VALUES('36544549-db0e-8241-87ac-a4c5b186a208','server-3','lab','aaaaaaaa-0000-4000-8000-000000000003','node-3','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:38.016672',NULL,1);
INSERT INTO "servers" VALUES('1aaad96d-fc59-8b25-ad46-a4c5b186a208','server-4','lab','aaaaaaaa-0000-4000-8000-000000000004','node-4','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:38.109441',NULL,1);
INSERT INTO "servers" VALUES('17dd8100-4e6a-8013-85bc-a4c5b186a208','server-5','lab','aaaaaaaa-0000-4000-8000-000000000005','node-5','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:38.661695',NULL,1);
INSERT INTO "servers" VALUES('fb1b252d-e77d-872e-8803-a4c5b186a208','server-6','lab','aaaaaaaa-0000-4000-8000-000000000006','node-6','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:38.689235',NULL,1);
INSERT INTO "servers" VALUES('aeb2f35a-bc3e-8759-9c07-a4c5b186a208','server-7','lab','aaaaaaaa-0000-4000-8000-000000000007','node-7','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:38.785731',NULL,1);
INSERT INTO "servers" VALUES('1398643c-7f2e-8635-8666-a4c5b186a208','server-8','lab','aaaaaaaa-0000-4000-8000-000000000008','node-8','bank','operator',NULL,'active','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000008000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:08:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000008", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000008000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:08:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000008000001"]}',NULL,'2026-11-21 11:43:40.026226','2026-11-21 11:43:38.925719','2026-11-21 11:43:40.028067',2);
INSERT INTO "servers" VALUES('846e79d7-01d4-8892-a6d5-a4c5b186a208','server-14','lab','aaaaaaaa-0000-4000-8000-000000000014','node-14','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:39.081052',NULL,1);
INSERT INTO "servers" VALUES('4f852517-5303-8398-ad80-a4c5b186a208','server-15','lab','aaaaaaaa-0000-4000-8000-000000000015','node-15','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:39.130997',NULL,1);
INSERT INTO "servers" VALUES('8543408b-b29b-83c1-9e67-a4c5b186a208','server-16','lab','aaaaaaaa-0000-4000-8000-000000000016','node-16','bank','operator',NULL,'managing',NULL,'d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:39.871482',NULL,1);
INSERT INTO "servers" VALUES('9c9faf93-4094-8108-82aa-a4c5b186a208','server-17','lab','aaaaaaaa-0000-4000-8000-000000000017','node-17','bank','operator',NULL,'active','power on','d3c8a082-36ae-4755-bf24-a272f9f46e5e',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000017000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:11:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000017", "revision_number": 1}, "bbbbbbbb-0000-4000-8000-000017000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:11:02", "binding:host_id": "", "revision_number": 1}}, "vifs": ["bbbbbbbb-0000-4000-8000-000017000001"]}',NULL,'2026-11-21 11:43:41.101971','2026-11-21 11:43:39.958686','2026-11-21 11:43:41.108341',2);
CREATE TABLE tokens (
	uuid VARCHAR(36) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	role VARCHAR(32) NOT NULL, 
	project VARCHAR(64) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	CONSTRAINT pk_tokens PRIMARY KEY (uuid), 
	CONSTRAINT uq_tokens_name UNIQUE (name), 
	CONSTRAINT uq_tokens_hash UNIQUE (hash)
);
CREATE INDEX ix_operations_created_at_uuid ON operations (created_at, uuid);
CREATE INDEX ix_operations_state_created_at ON operations (state, created_at);
CREATE INDEX ix_operations_subject_created_at ON operations (subject, created_at);
CREATE INDEX ix_operations_project_id_created_at ON operations (project_id, created_at);
CREATE INDEX ix_servers_created_at_uuid ON servers (created_at, uuid);
CREATE INDEX ix_servers_name_uuid ON servers (name, uuid);
CREATE INDEX ix_servers_project_created_at_uuid ON servers (project, created_at, uuid);
CREATE INDEX ix_servers_flavor ON servers (flavor);
CREATE INDEX ix_server_nics_server ON server_nics (server);
CREATE INDEX ix_server_macs_server ON server_macs (server);
CREATE INDEX ix_proofs_server ON proofs (server);
CREATE INDEX ix_calls_operation ON calls (operation);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_subject ON audit (subject);
CREATE INDEX ix_audit_machine ON audit (machine);
CREATE INDEX ix_audit_operation ON audit (operation);
CREATE INDEX ix_clusters_name_id ON clusters (name, id);
CREATE INDEX ix_cluster_nodes_cluster ON cluster_nodes (cluster);
CREATE INDEX ix_cluster_nodes_name_id ON cluster_nodes (name, id);
COMMIT;
