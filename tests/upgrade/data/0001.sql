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
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.096386','2026-11-21 11:43:57.169811','{}','f73fd73f-65be-4c33-b250-b01e1989eec6','observe','1.0','SUCCESS','519651bf-63f5-4858-910b-baeef9abe2f1',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000009000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000009"}, "bbbbbbbb-0000-4000-8000-000009000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000009000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000009000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000009000002", "made": false, "plugged": true}, {"port": "f98bc17f-ecf4-464c-a4b9-2ea365251e0c", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.096647',NULL,'{}','f73fd73f-65be-4c33-b250-b01e1989eec6','unplug','1.0','PENDING','118bd23b-2174-49a8-b34e-dd054b6c4644',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.096866',NULL,'{}','f73fd73f-65be-4c33-b250-b01e1989eec6','restore_ports','1.0','PENDING','eefb67f6-c8f2-4b46-b5db-2c62fcbed547',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.097077',NULL,'{}','f73fd73f-65be-4c33-b250-b01e1989eec6','release','1.0','PENDING','459ec354-41e9-4ee9-9a40-2f1cf7cce06c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.097285',NULL,'{}','f73fd73f-65be-4c33-b250-b01e1989eec6','verify','1.0','PENDING','6c422f04-4d42-4233-84e1-436b28a3e6ed',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.097490',NULL,'{}','f73fd73f-65be-4c33-b250-b01e1989eec6','delete_ports','1.0','PENDING','7ac00bb8-c612-432f-8b9a-1893e32338be',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.097696',NULL,'{}','f73fd73f-65be-4c33-b250-b01e1989eec6','forget','1.0','PENDING','80911f03-1626-4f58-8ed1-fd13eddae809',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.102762','2026-11-21 11:43:57.140694','{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','observe','1.0','SUCCESS','b51e8f8f-c690-4619-abe5-704fef81d0aa',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000010000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000010"}, "bbbbbbbb-0000-4000-8000-000010000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000010000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000010000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000010000002", "made": false, "plugged": true}, {"port": "6675fb28-055f-417e-8fc9-44225cc32bda", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.103047',NULL,'{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','unplug','1.0','PENDING','054afe60-662c-41b3-ad01-d373c916c5b7',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.103266',NULL,'{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','restore_ports','1.0','PENDING','576e40ec-d877-489d-b174-ec02fdf50076',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.103474',NULL,'{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','release','1.0','PENDING','475697f2-e967-4859-9780-b000709c4cee',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.103675',NULL,'{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','verify','1.0','PENDING','3dedc006-4e58-46d0-af92-736a9951fe9b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.103873',NULL,'{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','delete_ports','1.0','PENDING','0563063a-21ef-4ff1-93a2-cc3cd354b55b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.108249',NULL,'{}','d93e241c-44eb-4b02-b049-07b43f4e84d5','forget','1.0','PENDING','c9141f03-feea-455a-8ad9-3e213cf27c93',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.219207','2026-11-21 11:43:57.275276','{}','465f120b-2c4f-4005-8a11-bb972f808fad','observe','1.0','SUCCESS','feacbc0d-64d4-458f-a9b6-09ae8af278ef',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000011000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000011"}, "bbbbbbbb-0000-4000-8000-000011000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000011000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000011000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000011000002", "made": false, "plugged": true}, {"port": "c0d9598b-ce4b-4369-92e1-5a1895d80547", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.219460','2026-11-21 11:43:57.324693','{}','465f120b-2c4f-4005-8a11-bb972f808fad','unplug','1.0','SUCCESS','c301af00-52e8-40ae-8800-3104fa7bcc58',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.219673',NULL,'{}','465f120b-2c4f-4005-8a11-bb972f808fad','restore_ports','1.0','PENDING','70799943-8d99-4319-a293-ac16234343a2',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.219876',NULL,'{}','465f120b-2c4f-4005-8a11-bb972f808fad','release','1.0','PENDING','f93a9c13-2679-4f24-a7ad-37cefd77ef26',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.221076',NULL,'{}','465f120b-2c4f-4005-8a11-bb972f808fad','verify','1.0','PENDING','fbbbd859-03c9-4eb3-b4dd-3484d16499aa',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.221876',NULL,'{}','465f120b-2c4f-4005-8a11-bb972f808fad','delete_ports','1.0','PENDING','5bd5b1e1-5859-489d-bc74-28715fa6e9e4',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.222119',NULL,'{}','465f120b-2c4f-4005-8a11-bb972f808fad','forget','1.0','PENDING','ff091275-a1ad-47fa-bff1-d126ed5e745a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.264593','2026-11-21 11:43:57.362282','{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','observe','1.0','SUCCESS','acfe056f-d89a-44d2-bb62-782264838791',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000012000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000012"}, "bbbbbbbb-0000-4000-8000-000012000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000012000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000012000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000012000002", "made": false, "plugged": true}, {"port": "c7f3b0a8-08cd-498d-8685-a8075d1f4552", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.264902','2026-11-21 11:43:57.421520','{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','unplug','1.0','SUCCESS','085722a4-b75d-455f-a021-98b75becc4fe',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.265195',NULL,'{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','restore_ports','1.0','PENDING','03fb9538-09fb-46a1-94e2-b4ecdd70820c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.269488',NULL,'{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','release','1.0','PENDING','3672f8d4-bcd0-4f6b-bcf9-548c02fb630f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.269750',NULL,'{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','verify','1.0','PENDING','1f265a53-7ccc-4491-8614-bd84a72334a5',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.269978',NULL,'{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','delete_ports','1.0','PENDING','d13fcfa3-b520-4f92-8b0b-aa7d21119ef6',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.270190',NULL,'{}','3b873b70-3b1b-4587-bf27-ba7105adc85f','forget','1.0','PENDING','2b32c85f-f421-4e42-a2f0-14c83d930ce3',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.330810','2026-11-21 11:43:57.391222','{}','7cede456-bc85-406c-926a-af7aa6f221c7','observe','1.0','SUCCESS','b50b8432-564e-407f-b1ed-1ae0f104f3a1',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000013000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000013"}, "bbbbbbbb-0000-4000-8000-000013000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000013000001"]}, "nics": [{"port": "bbbbbbbb-0000-4000-8000-000013000001", "made": false, "plugged": false}, {"port": "bbbbbbbb-0000-4000-8000-000013000002", "made": false, "plugged": true}, {"port": "1331687c-30eb-4849-81d1-1d8c541725c2", "made": true, "plugged": true}], "power": "power on", "gone": false, "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.331061','2026-11-21 11:43:57.513729','{}','7cede456-bc85-406c-926a-af7aa6f221c7','unplug','1.0','SUCCESS','dc3ecfe8-b1b1-4065-8b76-bd42dbc08b39',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.331277','2026-11-21 11:43:57.647644','{}','7cede456-bc85-406c-926a-af7aa6f221c7','restore_ports','1.0','SUCCESS','619277ba-6574-413b-a5ac-f0d9c5a0cedb',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.331496',NULL,'{}','7cede456-bc85-406c-926a-af7aa6f221c7','release','1.0','PENDING','848aec0e-5c87-4e2b-ac66-ab5227978a52',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.331701',NULL,'{}','7cede456-bc85-406c-926a-af7aa6f221c7','verify','1.0','PENDING','02a3e4ac-6567-44bc-91f1-4efe1b37af7a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.331914',NULL,'{}','7cede456-bc85-406c-926a-af7aa6f221c7','delete_ports','1.0','PENDING','d79fd766-39d7-404e-afa5-4b1e459a0441',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.341469',NULL,'{}','7cede456-bc85-406c-926a-af7aa6f221c7','forget','1.0','PENDING','280d196d-2dc6-4fbb-a395-22a41cd4130c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.447312','2026-11-21 11:43:57.614577','{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','observe','1.0','SUCCESS','9711edc1-ed4b-4987-81b3-ed6126e5362c',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000002000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:02:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000002"}, "bbbbbbbb-0000-4000-8000-000002000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:02:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000002000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000002000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000002", "name": "node-2", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:02:01", "52:54:00:00:02:02", "52:54:00:00:02:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "4821ddc714501a3442cd0a14656e302b6c93b508824e8cfee99f8182d7b6dbfb"}, "macs": ["52:54:00:00:02:01", "52:54:00:00:02:02", "52:54:00:00:02:03"], "free_macs": ["52:54:00:00:02:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.447558',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','claim','1.0','PENDING','f513c415-4d54-43a9-b916-5b4aad2f120c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.447773',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','protect','1.0','PENDING','1110b383-0306-41ca-96f8-4c456c32a8cb',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.448035',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','bind','1.0','PENDING','3d5d1137-e74a-426b-81c5-16057c9c210b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.448338',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','create_ports','1.0','PENDING','963f732f-3099-4fb0-9be8-dfb247ee2fdd',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.448559',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','read_back','1.0','PENDING','d7e0d8fb-8fd8-4012-b314-f236d2a660e4',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.448767',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','verify','1.0','PENDING','787a16f3-fd09-4a3f-ad4a-d6f903c759ec',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.448979',NULL,'{}','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','activate','1.0','PENDING','3728c3e0-bd2c-4e2a-ba9c-8fb53ce573b3',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.461593','2026-11-21 11:43:57.777482','{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','observe','1.0','SUCCESS','ed84a065-7193-4404-8306-5ae46989dee1',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000001000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:01:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000001"}, "bbbbbbbb-0000-4000-8000-000001000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:01:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000001000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000001000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000001", "name": "node-1", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:01:01", "52:54:00:00:01:02", "52:54:00:00:01:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3f2c33e95bfd3b78134501d0f2186d307c91a0fbda13775e0df855742a6a22b4"}, "macs": ["52:54:00:00:01:01", "52:54:00:00:01:02", "52:54:00:00:01:03"], "free_macs": ["52:54:00:00:01:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.461845',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','claim','1.0','PENDING','7911ab50-90a1-4b61-9aa1-e42c53559ec2',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.462065',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','protect','1.0','PENDING','4cab5119-1f59-435c-903b-2d7aa4bb018d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.462278',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','bind','1.0','PENDING','d3a3dee0-d495-4e5a-8ba8-16a61f604864',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.462485',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','create_ports','1.0','PENDING','40a807bc-1236-4001-8428-746205dd1f6f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.462701',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','read_back','1.0','PENDING','0a6e771d-88c5-4b41-ad59-a6647439eebf',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.462908',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','verify','1.0','PENDING','c0c0d402-dea1-44fa-907b-333a4a0b787a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.463114',NULL,'{}','9e465f77-28bf-4b67-b456-82ba9a28eb3a','activate','1.0','PENDING','6fa170fa-f18f-49ab-9957-55a10c829ac8',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.538847','2026-11-21 11:43:57.623686','{}','4897f03a-b642-41cd-a977-613847562dca','observe','1.0','SUCCESS','fe121f19-65b6-47ab-b023-902b05b9c60c',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000003000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:03:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000003"}, "bbbbbbbb-0000-4000-8000-000003000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:03:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000003000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000003000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000003", "name": "node-3", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:03:01", "52:54:00:00:03:02", "52:54:00:00:03:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79416bbe27067e0bb4b832548fa168199d821f2980fad832a08c576a7dfcd683"}, "macs": ["52:54:00:00:03:01", "52:54:00:00:03:02", "52:54:00:00:03:03"], "free_macs": ["52:54:00:00:03:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.539110','2026-11-21 11:43:57.677880','{}','4897f03a-b642-41cd-a977-613847562dca','claim','1.0','SUCCESS','43c780bb-355f-4884-ac0b-ecf12a1da71b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.539581',NULL,'{}','4897f03a-b642-41cd-a977-613847562dca','protect','1.0','PENDING','c2224324-3dd4-4a1a-9bed-c2545935d40c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.543834',NULL,'{}','4897f03a-b642-41cd-a977-613847562dca','bind','1.0','PENDING','822ac09a-711a-4b0c-bbd3-6edd5198be9d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.544168',NULL,'{}','4897f03a-b642-41cd-a977-613847562dca','create_ports','1.0','PENDING','17b489ac-d37b-4eb7-ba2e-c295a6494c8a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.544402',NULL,'{}','4897f03a-b642-41cd-a977-613847562dca','read_back','1.0','PENDING','620cffba-28af-43ec-9b08-4ffeac1ed874',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.544614',NULL,'{}','4897f03a-b642-41cd-a977-613847562dca','verify','1.0','PENDING','ed42f4ea-7eed-479b-9c6b-52e831771f7d',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.544855',NULL,'{}','4897f03a-b642-41cd-a977-613847562dca','activate','1.0','PENDING','a1131c69-54f4-4265-8c94-8199dd787d33',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.618271','2026-11-21 11:43:57.703057','{}','f9c50398-18de-4370-9c7b-2926068d0928','observe','1.0','SUCCESS','1dd67902-b972-488c-aad9-e18e873b97fa',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000004000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:04:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000004"}, "bbbbbbbb-0000-4000-8000-000004000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:04:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000004000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000004000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000004", "name": "node-4", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:04:01", "52:54:00:00:04:02", "52:54:00:00:04:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "63bb65e3c3b470775de46d434544ce9ba422c16b44414a0fa6449b65db275d86"}, "macs": ["52:54:00:00:04:01", "52:54:00:00:04:02", "52:54:00:00:04:03"], "free_macs": ["52:54:00:00:04:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.619709','2026-11-21 11:43:57.731195','{}','f9c50398-18de-4370-9c7b-2926068d0928','claim','1.0','SUCCESS','f99ae77a-c93c-439b-bcca-f47abdc8d93c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.620011','2026-11-21 11:43:58.187605','{}','f9c50398-18de-4370-9c7b-2926068d0928','protect','1.0','SUCCESS','8f69b1b5-b4fa-432d-8483-1af3dc9636af',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.620251',NULL,'{}','f9c50398-18de-4370-9c7b-2926068d0928','bind','1.0','PENDING','9823f96e-7a79-4f2b-8c05-8b15d1b9f8e1',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.620552',NULL,'{}','f9c50398-18de-4370-9c7b-2926068d0928','create_ports','1.0','PENDING','b32d932e-3291-47f4-8a2a-f64b4ead4e2a',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.620769',NULL,'{}','f9c50398-18de-4370-9c7b-2926068d0928','read_back','1.0','PENDING','b4d5f780-7b40-4c57-8a6d-78a6acf3e05e',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.621021',NULL,'{}','f9c50398-18de-4370-9c7b-2926068d0928','verify','1.0','PENDING','1f173ab0-8057-4437-95a6-989069bd20af',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.621238',NULL,'{}','f9c50398-18de-4370-9c7b-2926068d0928','activate','1.0','PENDING','1dc6a41b-1dd6-4608-a0f3-07127b4c116f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.626420','2026-11-21 11:43:57.693607','{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','observe','1.0','SUCCESS','fcb3c887-20a0-4703-88bd-8fc14c068208',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000005000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:05:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000005"}, "bbbbbbbb-0000-4000-8000-000005000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:05:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000005000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000005000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000005", "name": "node-5", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:05:01", "52:54:00:00:05:02", "52:54:00:00:05:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "e7ffe6163b82bc45677d6b21c3262be2ff872647ce33099236f0b327a7ee6669"}, "macs": ["52:54:00:00:05:01", "52:54:00:00:05:02", "52:54:00:00:05:03"], "free_macs": ["52:54:00:00:05:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.627886','2026-11-21 11:43:57.737083','{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','claim','1.0','SUCCESS','defe79d4-784f-4e74-ab95-2d7852ef7541',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.628202','2026-11-21 11:43:57.803146','{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','protect','1.0','SUCCESS','a47e5228-97bb-4f0b-a00a-2ca36d6f9cf6',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.628531',NULL,'{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','bind','1.0','PENDING','21d70866-3836-4672-bd80-1ef43acdc93b',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.628778',NULL,'{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','create_ports','1.0','PENDING','b553a3b1-644f-4531-b57a-cf11c092ac3f',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.628998',NULL,'{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','read_back','1.0','PENDING','d08451b9-7107-4672-aa74-2871f0403662',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.629211',NULL,'{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','verify','1.0','PENDING','46db5147-98e0-4f31-99c5-2f3144f22be7',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.629450',NULL,'{}','12fbb041-a6c6-469c-baf5-a7fa04079bea','activate','1.0','PENDING','d89d2a99-2028-4390-b8a9-768197477727',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.857430','2026-11-21 11:43:58.229725','{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','observe','1.0','SUCCESS','593ca1ad-9aef-4fb7-b6d3-003e7437dbcc',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000007000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:07:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000007"}, "bbbbbbbb-0000-4000-8000-000007000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:07:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000007000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000007000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000007", "name": "node-7", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:07:01", "52:54:00:00:07:02", "52:54:00:00:07:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "9241711bff4b5dfa2feefae3d5a702e732ce7609b9f0eabe54d76d4a4056ba29"}, "macs": ["52:54:00:00:07:01", "52:54:00:00:07:02", "52:54:00:00:07:03"], "free_macs": ["52:54:00:00:07:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.857733','2026-11-21 11:43:58.358556','{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','claim','1.0','SUCCESS','665e1694-0d41-45a1-a927-0b74976a2405',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.857962','2026-11-21 11:43:58.367239','{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','protect','1.0','SUCCESS','978e81e4-5088-439d-ac98-a3a5a528ce2c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.858179','2026-11-21 11:43:58.434730','{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','bind','1.0','SUCCESS','35314553-2bf3-4879-b01c-e458ff4b2834',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.858393',NULL,'{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','create_ports','1.0','PENDING','e1b697ec-6cc9-4b24-9896-59c9aa480a78',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.858599',NULL,'{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','read_back','1.0','PENDING','c9c54ece-43ec-46f2-991b-b5c13f984242',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.858810',NULL,'{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','verify','1.0','PENDING','677ed702-812d-4a20-9bb3-9fa8acd290fa',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.859016',NULL,'{}','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','activate','1.0','PENDING','f3dbf4b6-d8d3-42fc-b2d8-28c113fb661e',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.891924','2026-11-21 11:43:57.978844','{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','observe','1.0','SUCCESS','b2c97755-20b5-49bc-b418-d1f1fb72a919',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000008000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:08:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000008"}, "bbbbbbbb-0000-4000-8000-000008000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:08:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000008000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000008000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000008", "name": "node-8", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:08:01", "52:54:00:00:08:02", "52:54:00:00:08:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ea3d80a0aa9923ba00cbe52ac6cf83a5f72a35aec48c783255f26634258a7cae"}, "macs": ["52:54:00:00:08:01", "52:54:00:00:08:02", "52:54:00:00:08:03"], "free_macs": ["52:54:00:00:08:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.896458','2026-11-21 11:43:58.139346','{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','claim','1.0','SUCCESS','20eb1171-57e1-41fb-a1f5-44a760012473',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.896730','2026-11-21 11:43:58.253680','{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','protect','1.0','SUCCESS','4b8774a6-838a-4a2f-b990-6c79bce2d799',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.896954','2026-11-21 11:43:58.298191','{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','bind','1.0','SUCCESS','740ee1a4-8da2-4dea-903f-68e761b5b3c2',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.897170',NULL,'{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','create_ports','1.0','PENDING','c9609487-1acc-41f9-b1ba-2ced645fc61e',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.897378',NULL,'{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','read_back','1.0','PENDING','31981d8a-1570-4cb0-922e-f752fe59ffeb',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.900330',NULL,'{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','verify','1.0','PENDING','71ee7528-b57c-4456-a476-a24bd4041459',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.907065',NULL,'{}','cdbd7b74-8df5-4505-84b9-04b1e8f99968','activate','1.0','PENDING','4fb2169e-96cd-468c-8a50-4a880dff282c',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.960687','2026-11-21 11:43:58.479209','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','observe','1.0','SUCCESS','6413695e-d298-43e0-aa4c-5f4c4ae60f32',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000014000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0e:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000014"}, "bbbbbbbb-0000-4000-8000-000014000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0e:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000014000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000014000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000014", "name": "node-14", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0e:01", "52:54:00:00:0e:02", "52:54:00:00:0e:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3966148724224081629fecc339de77a4665bea4ac6dc14917e65d2bed61b8393"}, "macs": ["52:54:00:00:0e:01", "52:54:00:00:0e:02", "52:54:00:00:0e:03"], "free_macs": ["52:54:00:00:0e:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.960955','2026-11-21 11:43:58.480358','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','claim','1.0','SUCCESS','c0ed2327-15c9-4559-9967-a3da679f5bc4',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.961175','2026-11-21 11:43:58.481152','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','protect','1.0','SUCCESS','5a2bb45c-7a66-43bf-a98c-86cae1aead9c',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.961395','2026-11-21 11:43:58.496601','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','bind','1.0','REVERTING','e8c0acb0-01da-4707-8253-debefcb01c39',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.961602','2026-11-21 11:43:58.492698','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','create_ports','1.0','REVERTED','8c4323ca-8385-4bfe-978a-72a92bef35b5','{"exception_str": "Step create_ports did not come to its end.", "traceback_str": "  File \"/usr/lib/python3/dist-packages/taskflow/engines/action_engine/executor.py\", line 50, in _execute_task\n    result = task.execute(**arguments)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/performer.py\", line 36, in execute\n    return self._run.do(self._step)\n           ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/runs.py\", line 128, in do\n    raise StepFailed(f\"Step {step.name} did not come to its end.\")\n", "exc_type_names": ["corral.engine.runs.StepFailed", "Exception"], "version": 1, "exc_args": ["Step create_ports did not come to its end."], "causes": []}',NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.961821','2026-11-21 11:43:58.483023','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','read_back','1.0','PENDING','3759c7e6-84c2-4fbf-8eeb-5ae2d141c041',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.962023','2026-11-21 11:43:58.483546','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','verify','1.0','PENDING','338bf577-20a2-4794-a481-26f40acce25c',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:57.962226','2026-11-21 11:43:58.484228','{}','60ff3c1b-e40f-41ac-857d-8a77a79df16d','activate','1.0','PENDING','84675baa-2974-4ada-8a4d-0be6ca2e684b',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.047045','2026-11-21 11:43:58.234371','{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','observe','1.0','SUCCESS','713c33e1-624b-4d09-9040-7a7d60261dfa',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000006000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:06:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000006"}, "bbbbbbbb-0000-4000-8000-000006000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:06:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000006000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000006000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000006", "name": "node-6", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:06:01", "52:54:00:00:06:02", "52:54:00:00:06:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3dd948bb78c94fed21ebd3b2d216a65d8902c021647d5ba8fa50f8500346f1ef"}, "macs": ["52:54:00:00:06:01", "52:54:00:00:06:02", "52:54:00:00:06:03"], "free_macs": ["52:54:00:00:06:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.047307','2026-11-21 11:43:58.437066','{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','claim','1.0','SUCCESS','9a0b789c-891a-43a5-bdb4-e7ab854057c4',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.047537','2026-11-21 11:43:58.446761','{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','protect','1.0','SUCCESS','3631809e-31ca-4aa7-b25f-393ca72161cf',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.047754',NULL,'{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','bind','1.0','PENDING','84fb72b1-7be7-4b6b-8adf-be6c65a0d0f6',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.047965',NULL,'{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','create_ports','1.0','PENDING','5528075d-4e23-4709-b894-1330308ece51',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.052269',NULL,'{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','read_back','1.0','PENDING','c19bf506-de39-4889-b577-20e51ceccc91',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.056484',NULL,'{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','verify','1.0','PENDING','5fed13cc-8f90-4cce-af5c-cec02beaa6cf',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.056794',NULL,'{}','315b8c88-008b-4b69-b49e-b78b6e93d69f','activate','1.0','PENDING','4beac561-3d47-4b4d-9724-116b08611052',NULL,NULL,NULL,NULL,'TASK_DETAIL','EXECUTE');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.088213','2026-11-21 11:43:58.334051','{}','341e070b-c8ee-41b9-97fc-75fac5875682','observe','1.0','SUCCESS','54c8e422-4e98-40b0-a1b5-d9d511887e62',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000015000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0f:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000015"}, "bbbbbbbb-0000-4000-8000-000015000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0f:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000015000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000015000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000015", "name": "node-15", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0f:01", "52:54:00:00:0f:02", "52:54:00:00:0f:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ccc23f0cccae1a1559b4a6db7008eb4e1a3afaf8007614354e2ff0bd644cfc68"}, "macs": ["52:54:00:00:0f:01", "52:54:00:00:0f:02", "52:54:00:00:0f:03"], "free_macs": ["52:54:00:00:0f:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.099619','2026-11-21 11:43:58.334656','{}','341e070b-c8ee-41b9-97fc-75fac5875682','claim','1.0','SUCCESS','71dff26c-1d12-4e17-bf2b-85e5dcafe110',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.099939','2026-11-21 11:43:58.335227','{}','341e070b-c8ee-41b9-97fc-75fac5875682','protect','1.0','SUCCESS','a03a8691-0d0a-4b4e-acd8-78581e8fff5f',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.100862','2026-11-21 11:43:58.343816','{}','341e070b-c8ee-41b9-97fc-75fac5875682','bind','1.0','REVERTING','103fb447-0a9d-48e8-963f-080dad3c9283',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.102796','2026-11-21 11:43:58.342444','{}','341e070b-c8ee-41b9-97fc-75fac5875682','create_ports','1.0','REVERTED','a479d783-a56d-4409-8591-0e8e8bb72315','{"exception_str": "Step create_ports did not come to its end.", "traceback_str": "  File \"/usr/lib/python3/dist-packages/taskflow/engines/action_engine/executor.py\", line 50, in _execute_task\n    result = task.execute(**arguments)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/performer.py\", line 36, in execute\n    return self._run.do(self._step)\n           ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/runs.py\", line 128, in do\n    raise StepFailed(f\"Step {step.name} did not come to its end.\")\n", "exc_type_names": ["corral.engine.runs.StepFailed", "Exception"], "version": 1, "exc_args": ["Step create_ports did not come to its end."], "causes": []}',NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.103120','2026-11-21 11:43:58.336920','{}','341e070b-c8ee-41b9-97fc-75fac5875682','read_back','1.0','PENDING','483f0146-348f-48fd-b3f9-1d7a52918bb2',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.103389','2026-11-21 11:43:58.337446','{}','341e070b-c8ee-41b9-97fc-75fac5875682','verify','1.0','PENDING','1c21017b-d716-4fda-b4c8-20365bf1d251',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.104720','2026-11-21 11:43:58.337949','{}','341e070b-c8ee-41b9-97fc-75fac5875682','activate','1.0','PENDING','c498e1a3-2b04-41a2-856e-9797402d0f52',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.174384','2026-11-21 11:43:58.613616','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','observe','1.0','SUCCESS','9cc5fd1b-813b-4908-93ab-2408573bd90e',NULL,'{"snapshot": {"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000016000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:10:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000016"}, "bbbbbbbb-0000-4000-8000-000016000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:10:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000016000001"]}, "plug": ["bbbbbbbb-0000-4000-8000-000016000002"], "before": {"machine": "aaaaaaaa-0000-4000-8000-000000000016", "name": "node-16", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:10:01", "52:54:00:00:10:02", "52:54:00:00:10:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "431e45d1067d8e42f030c7968e674ee1eac6c34868e5f1410cee06033533771b"}, "macs": ["52:54:00:00:10:01", "52:54:00:00:10:02", "52:54:00:00:10:03"], "free_macs": ["52:54:00:00:10:03"], "image": null, "power": "power on", "network_interface": "flat", "warnings": [{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]}',NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.174651','2026-11-21 11:43:58.616461','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','claim','1.0','SUCCESS','45c1dd18-e312-4495-95d4-5b5c4f8be571',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.174928','2026-11-21 11:43:58.620474','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','protect','1.0','SUCCESS','5a624db7-df5d-40a4-ab35-c524fc88811e',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.175152','2026-11-21 11:43:58.647933','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','bind','1.0','REVERTING','8c920ac6-0399-4ca6-9f91-25ca2e7922c0',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.175361','2026-11-21 11:43:58.644139','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','create_ports','1.0','REVERTED','27394e71-e628-4df6-b747-a902f38ea32b','{"exception_str": "Step create_ports did not come to its end.", "traceback_str": "  File \"/usr/lib/python3/dist-packages/taskflow/engines/action_engine/executor.py\", line 50, in _execute_task\n    result = task.execute(**arguments)\n             ^^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/performer.py\", line 36, in execute\n    return self._run.do(self._step)\n           ^^^^^^^^^^^^^^^^^^^^^^^^\n  File \"/usr/lib/python3/dist-packages/corral/engine/runs.py\", line 128, in do\n    raise StepFailed(f\"Step {step.name} did not come to its end.\")\n", "exc_type_names": ["corral.engine.runs.StepFailed", "Exception"], "version": 1, "exc_args": ["Step create_ports did not come to its end."], "causes": []}',NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.175566','2026-11-21 11:43:58.628484','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','read_back','1.0','PENDING','5fe20473-db58-4a75-9ce3-1f389e176d1a',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.175768','2026-11-21 11:43:58.632435','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','verify','1.0','PENDING','7bbe0201-6189-4f8c-86ff-0c91b285499f',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
INSERT INTO "atomdetails" VALUES('2026-11-21 11:43:58.175966','2026-11-21 11:43:58.636430','{}','d6ea495d-240c-40cc-bb73-22a3963b321b','activate','1.0','PENDING','be195f9c-8f4e-405c-a3bf-cc797118e937',NULL,NULL,NULL,NULL,'TASK_DETAIL','REVERT');
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
	detail JSON NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-21 11:43:56.217060','server:manage','operator','bank','req-former','990f41c8-3c4a-4248-af93-c0f4c3438321','25bb6a82-ffe1-43d2-8802-3ebfbab7e042','accepted','{}');
INSERT INTO "audit" VALUES(2,'2026-11-21 11:43:56.373982','server:manage','operator','bank','req-former','990f41c8-3c4a-4248-af93-c0f4c3438321','25bb6a82-ffe1-43d2-8802-3ebfbab7e042','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000009", "warnings": ["no-image"]}');
INSERT INTO "audit" VALUES(3,'2026-11-21 11:43:56.393210','server:manage','operator','bank','req-former','e35d643d-e0f1-4e2c-a41b-ec042aa1505f','4879f812-84c3-4ee2-b168-2c5026a0690f','accepted','{}');
INSERT INTO "audit" VALUES(4,'2026-11-21 11:43:56.532285','server:manage','operator','bank','req-former','e35d643d-e0f1-4e2c-a41b-ec042aa1505f','4879f812-84c3-4ee2-b168-2c5026a0690f','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000010", "warnings": ["no-image"]}');
INSERT INTO "audit" VALUES(5,'2026-11-21 11:43:56.550374','server:manage','operator','bank','req-former','b801486e-da1e-47e7-9275-0934f2379eb9','5d19b1e1-6d71-45bc-8798-9b734ce99efb','accepted','{}');
INSERT INTO "audit" VALUES(6,'2026-11-21 11:43:56.711947','server:manage','operator','bank','req-former','b801486e-da1e-47e7-9275-0934f2379eb9','5d19b1e1-6d71-45bc-8798-9b734ce99efb','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000011", "warnings": ["no-image"]}');
INSERT INTO "audit" VALUES(7,'2026-11-21 11:43:56.731121','server:manage','operator','bank','req-former','dc19e8fe-d5e0-47de-83f5-028764ae10f5','98c42bdd-015f-4c95-88bd-b17835bb589f','accepted','{}');
INSERT INTO "audit" VALUES(8,'2026-11-21 11:43:56.849544','server:manage','operator','bank','req-former','dc19e8fe-d5e0-47de-83f5-028764ae10f5','98c42bdd-015f-4c95-88bd-b17835bb589f','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000012", "warnings": ["no-image"]}');
INSERT INTO "audit" VALUES(9,'2026-11-21 11:43:56.869860','server:manage','operator','bank','req-former','13cd0712-28f9-4ef9-96f2-1849981539d1','360bf9ee-26e4-4265-bd39-89a0154bcd50','accepted','{}');
INSERT INTO "audit" VALUES(10,'2026-11-21 11:43:57.043855','server:manage','operator','bank','req-former','13cd0712-28f9-4ef9-96f2-1849981539d1','360bf9ee-26e4-4265-bd39-89a0154bcd50','succeeded','{"source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000013", "warnings": ["no-image"]}');
INSERT INTO "audit" VALUES(11,'2026-11-21 11:43:57.064539','server:unmanage','operator','bank','req-former','990f41c8-3c4a-4248-af93-c0f4c3438321','f73fd73f-65be-4c33-b250-b01e1989eec6','accepted','{}');
INSERT INTO "audit" VALUES(12,'2026-11-21 11:43:57.072920','server:unmanage','operator','bank','req-former','e35d643d-e0f1-4e2c-a41b-ec042aa1505f','d93e241c-44eb-4b02-b049-07b43f4e84d5','accepted','{}');
INSERT INTO "audit" VALUES(13,'2026-11-21 11:43:57.196707','server:unmanage','operator','bank','req-former','b801486e-da1e-47e7-9275-0934f2379eb9','465f120b-2c4f-4005-8a11-bb972f808fad','accepted','{}');
INSERT INTO "audit" VALUES(14,'2026-11-21 11:43:57.234937','server:unmanage','operator','bank','req-former','dc19e8fe-d5e0-47de-83f5-028764ae10f5','3b873b70-3b1b-4587-bf27-ba7105adc85f','accepted','{}');
INSERT INTO "audit" VALUES(15,'2026-11-21 11:43:57.251118','server:unmanage','operator','bank','req-former','13cd0712-28f9-4ef9-96f2-1849981539d1','7cede456-bc85-406c-926a-af7aa6f221c7','accepted','{}');
INSERT INTO "audit" VALUES(16,'2026-11-21 11:43:57.346939','server:manage','operator','bank','req-former','eec49fbc-7de8-4e7a-a641-b187a81f0623','9e465f77-28bf-4b67-b456-82ba9a28eb3a','accepted','{}');
INSERT INTO "audit" VALUES(17,'2026-11-21 11:43:57.414458','server:manage','operator','bank','req-former','5dbc9044-4ce5-4976-b3d7-d60617b30683','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','accepted','{}');
INSERT INTO "audit" VALUES(18,'2026-11-21 11:43:57.479342','server:manage','operator','bank','req-former','66b31fd5-2423-4ae1-b440-6794881fb20a','4897f03a-b642-41cd-a977-613847562dca','accepted','{}');
INSERT INTO "audit" VALUES(19,'2026-11-21 11:43:57.532616','server:manage','operator','bank','req-former','b1a59c91-e29c-4e02-bed1-ec89caa591f2','f9c50398-18de-4370-9c7b-2926068d0928','accepted','{}');
INSERT INTO "audit" VALUES(20,'2026-11-21 11:43:57.578337','server:manage','operator','bank','req-former','6b53660a-e6d6-42f7-8c47-e604790679fd','12fbb041-a6c6-469c-baf5-a7fa04079bea','accepted','{}');
INSERT INTO "audit" VALUES(21,'2026-11-21 11:43:57.751423','server:manage','operator','bank','req-former','c2ada58c-f332-43b5-9ec2-231b8dfcfb5e','315b8c88-008b-4b69-b49e-b78b6e93d69f','accepted','{}');
INSERT INTO "audit" VALUES(22,'2026-11-21 11:43:57.819859','server:manage','operator','bank','req-former','d2a8f15e-1d13-4a0d-90ba-1891ff437b84','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','accepted','{}');
INSERT INTO "audit" VALUES(23,'2026-11-21 11:43:57.871556','server:manage','operator','bank','req-former','46f52a66-3637-466f-88d4-0a6a41d50827','cdbd7b74-8df5-4505-84b9-04b1e8f99968','accepted','{}');
INSERT INTO "audit" VALUES(24,'2026-11-21 11:43:57.930431','server:manage','operator','bank','req-former','3d5d6335-b880-476f-b26b-9e4698d1c46e','60ff3c1b-e40f-41ac-857d-8a77a79df16d','accepted','{}');
INSERT INTO "audit" VALUES(25,'2026-11-21 11:43:57.986135','server:manage','operator','bank','req-former','1cac470e-92fc-4c14-89de-b44f3e209b4a','341e070b-c8ee-41b9-97fc-75fac5875682','accepted','{}');
INSERT INTO "audit" VALUES(26,'2026-11-21 11:43:58.079206','server:manage','operator','bank','req-former','119ccb00-b7ce-4bdc-a4ea-29540516e2d7','d6ea495d-240c-40cc-bb73-22a3963b321b','accepted','{}');
INSERT INTO "audit" VALUES(27,'2026-11-21 11:43:58.161726','server:manage','operator','bank','req-former','202a68f4-e181-465f-b146-05b66010bffb','39cc7eb4-45b3-4468-829d-20b58c9b0582','accepted','{}');
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
INSERT INTO "calls" VALUES(1,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.255073','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0015);
INSERT INTO "calls" VALUES(2,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.257263','baremetal','GET','/v1/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(3,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.258658','baremetal','GET','/v1/portgroups','200',1,0.0007);
INSERT INTO "calls" VALUES(4,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.261089','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(5,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.262567','network','GET','/v2.0/networks','200',1,0.0007);
INSERT INTO "calls" VALUES(6,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.263868','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(7,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.272874','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0026);
INSERT INTO "calls" VALUES(8,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.276226','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000001','200',1,0.0018);
INSERT INTO "calls" VALUES(9,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.278616','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000002','200',1,0.0023);
INSERT INTO "calls" VALUES(10,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.293057','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0009);
INSERT INTO "calls" VALUES(11,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.297112','baremetal','POST','/v1/allocations','201',1,0.0007);
INSERT INTO "calls" VALUES(12,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.287823','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0046);
INSERT INTO "calls" VALUES(13,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.295743','baremetal','GET','/v1/allocations/990f41c8-3c4a-4248-af93-c0f4c3438321','404',1,0.0008);
INSERT INTO "calls" VALUES(14,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.299054','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0008);
INSERT INTO "calls" VALUES(15,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.305011','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0008);
INSERT INTO "calls" VALUES(16,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.303602','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0008);
INSERT INTO "calls" VALUES(17,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.312982','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000001','200',1,0.0008);
INSERT INTO "calls" VALUES(18,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.309734','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000001','200',1,0.0027);
INSERT INTO "calls" VALUES(19,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.317382','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000002','200',1,0.0008);
INSERT INTO "calls" VALUES(20,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.325255','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','204',1,0.0008);
INSERT INTO "calls" VALUES(21,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.315788','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000009000002','200',1,0.0011);
INSERT INTO "calls" VALUES(22,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.319427','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','200',1,0.0052);
INSERT INTO "calls" VALUES(23,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.331688','network','POST','/v2.0/ports','201',1,0.0012);
INSERT INTO "calls" VALUES(24,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.335952','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','204',1,0.0008);
INSERT INTO "calls" VALUES(25,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.330296','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(26,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.334528','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','200',1,0.0009);
INSERT INTO "calls" VALUES(27,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.344985','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009/vifs','200',1,0.0013);
INSERT INTO "calls" VALUES(28,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.346848','network','GET','/v2.0/ports','200',1,0.0011);
INSERT INTO "calls" VALUES(29,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.352832','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0034);
INSERT INTO "calls" VALUES(30,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.356767','baremetal','GET','/v1/ports','200',1,0.0007);
INSERT INTO "calls" VALUES(31,'25bb6a82-ffe1-43d2-8802-3ebfbab7e042','2026-11-21 11:43:56.358038','baremetal','GET','/v1/portgroups','200',1,0.0007);
INSERT INTO "calls" VALUES(32,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.414493','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0063);
INSERT INTO "calls" VALUES(33,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.421541','baremetal','GET','/v1/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(34,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.423361','baremetal','GET','/v1/portgroups','200',1,0.005);
INSERT INTO "calls" VALUES(35,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.429840','network','GET','/v2.0/ports','200',1,0.0052);
INSERT INTO "calls" VALUES(36,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.435713','network','GET','/v2.0/networks','200',1,0.0046);
INSERT INTO "calls" VALUES(37,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.441042','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(38,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.456817','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.001);
INSERT INTO "calls" VALUES(39,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.458378','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000001','200',1,0.0007);
INSERT INTO "calls" VALUES(40,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.459647','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000002','200',1,0.0009);
INSERT INTO "calls" VALUES(41,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.466600','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0008);
INSERT INTO "calls" VALUES(42,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.470046','baremetal','POST','/v1/allocations','201',1,0.0007);
INSERT INTO "calls" VALUES(43,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.465163','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0008);
INSERT INTO "calls" VALUES(44,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.468769','baremetal','GET','/v1/allocations/e35d643d-e0f1-4e2c-a41b-ec042aa1505f','404',1,0.0007);
INSERT INTO "calls" VALUES(45,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.472451','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0008);
INSERT INTO "calls" VALUES(46,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.478512','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0009);
INSERT INTO "calls" VALUES(47,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.477137','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0008);
INSERT INTO "calls" VALUES(48,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.485212','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000001','200',1,0.0008);
INSERT INTO "calls" VALUES(49,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.483660','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000001','200',1,0.0009);
INSERT INTO "calls" VALUES(50,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.491023','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000002','200',1,0.0008);
INSERT INTO "calls" VALUES(51,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.497126','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','204',1,0.001);
INSERT INTO "calls" VALUES(52,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.488133','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000010000002','200',1,0.0023);
INSERT INTO "calls" VALUES(53,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.493237','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.0034);
INSERT INTO "calls" VALUES(54,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.503899','network','POST','/v2.0/ports','201',1,0.0009);
INSERT INTO "calls" VALUES(55,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.507383','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','204',1,0.0008);
INSERT INTO "calls" VALUES(56,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.502468','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(57,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.506101','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.0008);
INSERT INTO "calls" VALUES(58,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.512119','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.0007);
INSERT INTO "calls" VALUES(59,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.513434','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(60,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.517882','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0008);
INSERT INTO "calls" VALUES(61,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.519228','baremetal','GET','/v1/ports','200',1,0.0007);
INSERT INTO "calls" VALUES(62,'4879f812-84c3-4ee2-b168-2c5026a0690f','2026-11-21 11:43:56.520585','baremetal','GET','/v1/portgroups','200',1,0.0009);
INSERT INTO "calls" VALUES(63,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.563764','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.001);
INSERT INTO "calls" VALUES(64,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.565387','baremetal','GET','/v1/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(65,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.567207','baremetal','GET','/v1/portgroups','200',1,0.0012);
INSERT INTO "calls" VALUES(66,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.569735','network','GET','/v2.0/ports','200',1,0.002);
INSERT INTO "calls" VALUES(67,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.573617','network','GET','/v2.0/networks','200',1,0.0009);
INSERT INTO "calls" VALUES(68,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.575285','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(69,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.579617','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0008);
INSERT INTO "calls" VALUES(70,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.581003','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000001','200',1,0.0007);
INSERT INTO "calls" VALUES(71,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.582230','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000002','200',1,0.0007);
INSERT INTO "calls" VALUES(72,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.594514','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0017);
INSERT INTO "calls" VALUES(73,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.599129','baremetal','POST','/v1/allocations','201',1,0.0014);
INSERT INTO "calls" VALUES(74,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.589299','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0046);
INSERT INTO "calls" VALUES(75,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.597707','baremetal','GET','/v1/allocations/b801486e-da1e-47e7-9275-0934f2379eb9','404',1,0.0009);
INSERT INTO "calls" VALUES(76,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.601891','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0011);
INSERT INTO "calls" VALUES(77,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.609389','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0014);
INSERT INTO "calls" VALUES(78,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.607703','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0011);
INSERT INTO "calls" VALUES(79,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.624946','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000001','200',1,0.0008);
INSERT INTO "calls" VALUES(80,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.621336','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000001','200',1,0.003);
INSERT INTO "calls" VALUES(81,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.636111','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000002','200',1,0.0008);
INSERT INTO "calls" VALUES(82,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.640167','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','204',1,0.001);
INSERT INTO "calls" VALUES(83,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.631954','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000011000002','200',1,0.0035);
INSERT INTO "calls" VALUES(84,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.638578','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0009);
INSERT INTO "calls" VALUES(85,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.651314','network','POST','/v2.0/ports','201',1,0.0016);
INSERT INTO "calls" VALUES(86,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.657141','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','204',1,0.0008);
INSERT INTO "calls" VALUES(87,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.648265','network','GET','/v2.0/ports','200',1,0.0021);
INSERT INTO "calls" VALUES(88,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.654509','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0021);
INSERT INTO "calls" VALUES(89,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.666124','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0013);
INSERT INTO "calls" VALUES(90,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.668669','network','GET','/v2.0/ports','200',1,0.0018);
INSERT INTO "calls" VALUES(91,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.694752','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0016);
INSERT INTO "calls" VALUES(92,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.696949','baremetal','GET','/v1/ports','200',1,0.001);
INSERT INTO "calls" VALUES(93,'5d19b1e1-6d71-45bc-8798-9b734ce99efb','2026-11-21 11:43:56.698503','baremetal','GET','/v1/portgroups','200',1,0.0013);
INSERT INTO "calls" VALUES(94,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.748463','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.001);
INSERT INTO "calls" VALUES(95,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.750116','baremetal','GET','/v1/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(96,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.751447','baremetal','GET','/v1/portgroups','200',1,0.0011);
INSERT INTO "calls" VALUES(97,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.753734','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(98,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.755194','network','GET','/v2.0/networks','200',1,0.0007);
INSERT INTO "calls" VALUES(99,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.756608','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(100,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.760532','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0008);
INSERT INTO "calls" VALUES(101,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.761883','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0007);
INSERT INTO "calls" VALUES(102,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.763070','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000002','200',1,0.0006);
INSERT INTO "calls" VALUES(103,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.770380','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0008);
INSERT INTO "calls" VALUES(104,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.774618','baremetal','POST','/v1/allocations','201',1,0.0018);
INSERT INTO "calls" VALUES(105,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.769039','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0008);
INSERT INTO "calls" VALUES(106,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.772927','baremetal','GET','/v1/allocations/dc19e8fe-d5e0-47de-83f5-028764ae10f5','404',1,0.0008);
INSERT INTO "calls" VALUES(107,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.777903','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0012);
INSERT INTO "calls" VALUES(108,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.786524','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.001);
INSERT INTO "calls" VALUES(109,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.785035','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0009);
INSERT INTO "calls" VALUES(110,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.794618','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0014);
INSERT INTO "calls" VALUES(111,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.792991','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0011);
INSERT INTO "calls" VALUES(112,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.799763','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000002','200',1,0.001);
INSERT INTO "calls" VALUES(113,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.804222','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','204',1,0.0011);
INSERT INTO "calls" VALUES(114,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.798294','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000002','200',1,0.0009);
INSERT INTO "calls" VALUES(115,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.802215','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.0011);
INSERT INTO "calls" VALUES(116,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.812277','network','POST','/v2.0/ports','201',1,0.0011);
INSERT INTO "calls" VALUES(117,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.816500','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','204',1,0.001);
INSERT INTO "calls" VALUES(118,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.810646','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(119,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.814749','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(120,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.822447','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(121,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.824795','network','GET','/v2.0/ports','200',1,0.001);
INSERT INTO "calls" VALUES(122,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.830708','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0011);
INSERT INTO "calls" VALUES(123,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.832568','baremetal','GET','/v1/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(124,'98c42bdd-015f-4c95-88bd-b17835bb589f','2026-11-21 11:43:56.834072','baremetal','GET','/v1/portgroups','200',1,0.001);
INSERT INTO "calls" VALUES(125,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.884089','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0011);
INSERT INTO "calls" VALUES(126,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.885767','baremetal','GET','/v1/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(127,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.887044','baremetal','GET','/v1/portgroups','200',1,0.0007);
INSERT INTO "calls" VALUES(128,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.889409','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(129,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.890863','network','GET','/v2.0/networks','200',1,0.0008);
INSERT INTO "calls" VALUES(130,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.892576','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(131,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.897532','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0008);
INSERT INTO "calls" VALUES(132,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.898866','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0007);
INSERT INTO "calls" VALUES(133,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.900126','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0006);
INSERT INTO "calls" VALUES(134,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.906617','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0008);
INSERT INTO "calls" VALUES(135,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.910162','baremetal','POST','/v1/allocations','201',1,0.0007);
INSERT INTO "calls" VALUES(136,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.905311','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0008);
INSERT INTO "calls" VALUES(137,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.908889','baremetal','GET','/v1/allocations/13cd0712-28f9-4ef9-96f2-1849981539d1','404',1,0.0007);
INSERT INTO "calls" VALUES(138,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.912249','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0008);
INSERT INTO "calls" VALUES(139,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.922595','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0012);
INSERT INTO "calls" VALUES(140,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.920544','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0015);
INSERT INTO "calls" VALUES(141,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.938432','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0008);
INSERT INTO "calls" VALUES(142,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.936935','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0009);
INSERT INTO "calls" VALUES(143,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.945278','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0033);
INSERT INTO "calls" VALUES(144,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.954082','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','204',1,0.0027);
INSERT INTO "calls" VALUES(145,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.942009','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0026);
INSERT INTO "calls" VALUES(146,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.952769','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0008);
INSERT INTO "calls" VALUES(147,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.977547','network','POST','/v2.0/ports','201',1,0.001);
INSERT INTO "calls" VALUES(148,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.989298','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','204',1,0.0008);
INSERT INTO "calls" VALUES(149,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.972759','network','GET','/v2.0/ports','200',1,0.0041);
INSERT INTO "calls" VALUES(150,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.983599','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0051);
INSERT INTO "calls" VALUES(151,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:56.998783','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0008);
INSERT INTO "calls" VALUES(152,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:57.000291','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(153,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:57.008600','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.001);
INSERT INTO "calls" VALUES(154,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:57.010182','baremetal','GET','/v1/ports','200',1,0.0007);
INSERT INTO "calls" VALUES(155,'360bf9ee-26e4-4265-bd39-89a0154bcd50','2026-11-21 11:43:57.011429','baremetal','GET','/v1/portgroups','200',1,0.0007);
INSERT INTO "calls" VALUES(156,'f73fd73f-65be-4c33-b250-b01e1989eec6','2026-11-21 11:43:57.101873','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000009','200',1,0.0076);
INSERT INTO "calls" VALUES(157,'f73fd73f-65be-4c33-b250-b01e1989eec6','2026-11-21 11:43:57.110157','baremetal','GET','/v1/ports','200',1,0.0033);
INSERT INTO "calls" VALUES(158,'f73fd73f-65be-4c33-b250-b01e1989eec6','2026-11-21 11:43:57.114197','baremetal','GET','/v1/portgroups','200',1,0.0026);
INSERT INTO "calls" VALUES(159,'d93e241c-44eb-4b02-b049-07b43f4e84d5','2026-11-21 11:43:57.122493','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010','200',1,0.0066);
INSERT INTO "calls" VALUES(160,'d93e241c-44eb-4b02-b049-07b43f4e84d5','2026-11-21 11:43:57.129768','baremetal','GET','/v1/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(161,'d93e241c-44eb-4b02-b049-07b43f4e84d5','2026-11-21 11:43:57.131268','baremetal','GET','/v1/portgroups','200',1,0.001);
INSERT INTO "calls" VALUES(162,'d93e241c-44eb-4b02-b049-07b43f4e84d5','2026-11-21 11:43:57.154673','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs/bbbbbbbb-0000-4000-8000-000010000002','204',1,0.0008);
INSERT INTO "calls" VALUES(163,'d93e241c-44eb-4b02-b049-07b43f4e84d5','2026-11-21 11:43:57.153089','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000010/vifs','200',1,0.001);
INSERT INTO "calls" VALUES(164,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.228602','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011','200',1,0.0142);
INSERT INTO "calls" VALUES(165,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.243593','baremetal','GET','/v1/ports','200',1,0.0039);
INSERT INTO "calls" VALUES(166,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.248255','baremetal','GET','/v1/portgroups','200',1,0.0037);
INSERT INTO "calls" VALUES(167,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.288347','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs/bbbbbbbb-0000-4000-8000-000011000002','204',1,0.0124);
INSERT INTO "calls" VALUES(168,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.281941','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0043);
INSERT INTO "calls" VALUES(169,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.290069','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012','200',1,0.0067);
INSERT INTO "calls" VALUES(170,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.297380','baremetal','GET','/v1/ports','200',1,0.0037);
INSERT INTO "calls" VALUES(171,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.301593','baremetal','GET','/v1/portgroups','200',1,0.0038);
INSERT INTO "calls" VALUES(172,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.311834','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs/c0d9598b-ce4b-4369-92e1-5a1895d80547','204',1,0.0039);
INSERT INTO "calls" VALUES(173,'465f120b-2c4f-4005-8a11-bb972f808fad','2026-11-21 11:43:57.310039','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000011/vifs','200',1,0.0012);
INSERT INTO "calls" VALUES(174,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.353930','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013','200',1,0.0046);
INSERT INTO "calls" VALUES(175,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.360305','baremetal','GET','/v1/ports','200',1,0.0088);
INSERT INTO "calls" VALUES(176,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.369681','baremetal','GET','/v1/portgroups','200',1,0.0081);
INSERT INTO "calls" VALUES(177,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.386801','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs/bbbbbbbb-0000-4000-8000-000012000002','204',1,0.0051);
INSERT INTO "calls" VALUES(178,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.379075','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.0072);
INSERT INTO "calls" VALUES(179,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.411875','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs/c7f3b0a8-08cd-498d-8685-a8075d1f4552','204',1,0.0044);
INSERT INTO "calls" VALUES(180,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.405513','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000012/vifs','200',1,0.0042);
INSERT INTO "calls" VALUES(181,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.428667','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0046);
INSERT INTO "calls" VALUES(182,'3b873b70-3b1b-4587-bf27-ba7105adc85f','2026-11-21 11:43:57.425062','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000012000001','200',1,0.0031);
INSERT INTO "calls" VALUES(183,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.416716','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs/bbbbbbbb-0000-4000-8000-000013000002','204',1,0.0009);
INSERT INTO "calls" VALUES(184,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.411307','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0044);
INSERT INTO "calls" VALUES(185,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.460480','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs/1331687c-30eb-4849-81d1-1d8c541725c2','204',1,0.0053);
INSERT INTO "calls" VALUES(186,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.457213','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000013/vifs','200',1,0.0015);
INSERT INTO "calls" VALUES(187,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.472059','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000001','200',1,0.0057);
INSERT INTO "calls" VALUES(188,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.478376','baremetal','GET','/v1/ports','200',1,0.003);
INSERT INTO "calls" VALUES(189,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.481850','baremetal','GET','/v1/portgroups','200',1,0.0013);
INSERT INTO "calls" VALUES(190,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.496752','network','GET','/v2.0/ports','200',1,0.0082);
INSERT INTO "calls" VALUES(191,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.507453','network','GET','/v2.0/networks','200',1,0.0018);
INSERT INTO "calls" VALUES(192,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.509852','network','GET','/v2.0/ports','200',1,0.0057);
INSERT INTO "calls" VALUES(193,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.526463','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000001','200',1,0.0026);
INSERT INTO "calls" VALUES(194,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.529594','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000001000001','200',1,0.0007);
INSERT INTO "calls" VALUES(195,'9e465f77-28bf-4b67-b456-82ba9a28eb3a','2026-11-21 11:43:57.530824','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000001000002','200',1,0.0028);
INSERT INTO "calls" VALUES(196,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.525055','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0037);
INSERT INTO "calls" VALUES(197,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.521811','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000001','200',1,0.0026);
INSERT INTO "calls" VALUES(198,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.459874','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000002','200',1,0.0044);
INSERT INTO "calls" VALUES(199,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.464908','baremetal','GET','/v1/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(200,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.466632','baremetal','GET','/v1/portgroups','200',1,0.0029);
INSERT INTO "calls" VALUES(201,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.470700','network','GET','/v2.0/ports','200',1,0.0018);
INSERT INTO "calls" VALUES(202,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.473103','network','GET','/v2.0/networks','200',1,0.0073);
INSERT INTO "calls" VALUES(203,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.481000','network','GET','/v2.0/ports','200',1,0.012);
INSERT INTO "calls" VALUES(204,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.556808','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000002','200',1,0.0111);
INSERT INTO "calls" VALUES(205,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.568507','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000002000001','200',1,0.0009);
INSERT INTO "calls" VALUES(206,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.569974','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000002000002','200',1,0.0007);
INSERT INTO "calls" VALUES(207,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.551497','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0022);
INSERT INTO "calls" VALUES(208,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.554244','baremetal','GET','/v1/ports','200',1,0.0062);
INSERT INTO "calls" VALUES(209,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.561059','baremetal','GET','/v1/portgroups','200',1,0.0047);
INSERT INTO "calls" VALUES(210,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.567064','network','GET','/v2.0/ports','200',1,0.0052);
INSERT INTO "calls" VALUES(211,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.572826','network','GET','/v2.0/networks','200',1,0.0007);
INSERT INTO "calls" VALUES(212,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.574218','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(213,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.594329','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0095);
INSERT INTO "calls" VALUES(214,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.605031','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000003000001','200',1,0.0105);
INSERT INTO "calls" VALUES(215,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.616128','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000003000002','200',1,0.0025);
INSERT INTO "calls" VALUES(216,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.630461','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0115);
INSERT INTO "calls" VALUES(217,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.602303','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0032);
INSERT INTO "calls" VALUES(218,'7cede456-bc85-406c-926a-af7aa6f221c7','2026-11-21 11:43:57.591932','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000013000002','200',1,0.0068);
INSERT INTO "calls" VALUES(219,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e','2026-11-21 11:43:57.648965','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000002','200',1,0.0061);
INSERT INTO "calls" VALUES(220,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.653453','baremetal','POST','/v1/allocations','201',1,0.0043);
INSERT INTO "calls" VALUES(221,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.627330','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0025);
INSERT INTO "calls" VALUES(222,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.649894','baremetal','GET','/v1/allocations/66b31fd5-2423-4ae1-b440-6794881fb20a','404',1,0.0029);
INSERT INTO "calls" VALUES(223,'4897f03a-b642-41cd-a977-613847562dca','2026-11-21 11:43:57.665334','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000003','200',1,0.0055);
INSERT INTO "calls" VALUES(224,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.633155','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0015);
INSERT INTO "calls" VALUES(225,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.635280','baremetal','GET','/v1/ports','200',1,0.0053);
INSERT INTO "calls" VALUES(226,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.641177','baremetal','GET','/v1/portgroups','200',1,0.0035);
INSERT INTO "calls" VALUES(227,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.646017','network','GET','/v2.0/ports','200',1,0.0097);
INSERT INTO "calls" VALUES(228,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.656352','network','GET','/v2.0/networks','200',1,0.006);
INSERT INTO "calls" VALUES(229,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.662983','network','GET','/v2.0/ports','200',1,0.0036);
INSERT INTO "calls" VALUES(230,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.674169','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0022);
INSERT INTO "calls" VALUES(231,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.676957','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000004000001','200',1,0.0028);
INSERT INTO "calls" VALUES(232,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.680459','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000004000002','200',1,0.0088);
INSERT INTO "calls" VALUES(233,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.636390','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0027);
INSERT INTO "calls" VALUES(234,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.639632','baremetal','GET','/v1/ports','200',1,0.004);
INSERT INTO "calls" VALUES(235,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.648404','baremetal','GET','/v1/portgroups','200',1,0.0033);
INSERT INTO "calls" VALUES(236,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.657364','network','GET','/v2.0/ports','200',1,0.0039);
INSERT INTO "calls" VALUES(237,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.661830','network','GET','/v2.0/networks','200',1,0.0056);
INSERT INTO "calls" VALUES(238,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.668088','network','GET','/v2.0/ports','200',1,0.0034);
INSERT INTO "calls" VALUES(239,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.680812','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0008);
INSERT INTO "calls" VALUES(240,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.682145','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000005000001','200',1,0.0023);
INSERT INTO "calls" VALUES(241,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.685084','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000005000002','200',1,0.0035);
INSERT INTO "calls" VALUES(242,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.704077','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0046);
INSERT INTO "calls" VALUES(243,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.712909','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.005);
INSERT INTO "calls" VALUES(244,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.718918','baremetal','POST','/v1/allocations','201',1,0.0015);
INSERT INTO "calls" VALUES(245,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.722544','baremetal','POST','/v1/allocations','201',1,0.0008);
INSERT INTO "calls" VALUES(246,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.706665','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0057);
INSERT INTO "calls" VALUES(247,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.721242','baremetal','GET','/v1/allocations/b1a59c91-e29c-4e02-bed1-ec89caa591f2','404',1,0.0008);
INSERT INTO "calls" VALUES(248,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:57.726724','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0008);
INSERT INTO "calls" VALUES(249,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.699438','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0032);
INSERT INTO "calls" VALUES(250,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.716760','baremetal','GET','/v1/allocations/6b53660a-e6d6-42f7-8c47-e604790679fd','404',1,0.0015);
INSERT INTO "calls" VALUES(251,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.724810','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0037);
INSERT INTO "calls" VALUES(252,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.755964','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0028);
INSERT INTO "calls" VALUES(253,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.749142','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000005','200',1,0.0061);
INSERT INTO "calls" VALUES(254,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.815916','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000005000001','200',1,0.0009);
INSERT INTO "calls" VALUES(255,'12fbb041-a6c6-469c-baf5-a7fa04079bea','2026-11-21 11:43:57.810109','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000005000001','200',1,0.0052);
INSERT INTO "calls" VALUES(256,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.920999','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0021);
INSERT INTO "calls" VALUES(257,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.923793','baremetal','GET','/v1/ports','200',1,0.0057);
INSERT INTO "calls" VALUES(258,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.930123','baremetal','GET','/v1/portgroups','200',1,0.001);
INSERT INTO "calls" VALUES(259,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.936521','network','GET','/v2.0/ports','200',1,0.001);
INSERT INTO "calls" VALUES(260,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.938215','network','GET','/v2.0/networks','200',1,0.002);
INSERT INTO "calls" VALUES(261,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.940843','network','GET','/v2.0/ports','200',1,0.0018);
INSERT INTO "calls" VALUES(262,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.958827','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0041);
INSERT INTO "calls" VALUES(263,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.963478','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000001','200',1,0.0054);
INSERT INTO "calls" VALUES(264,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.969399','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000002','200',1,0.0011);
INSERT INTO "calls" VALUES(265,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.987370','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0031);
INSERT INTO "calls" VALUES(266,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.020379','baremetal','POST','/v1/allocations','201',1,0.012);
INSERT INTO "calls" VALUES(267,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.983629','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0032);
INSERT INTO "calls" VALUES(268,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:57.993866','baremetal','GET','/v1/allocations/46f52a66-3637-466f-88d4-0a6a41d50827','404',1,0.0258);
INSERT INTO "calls" VALUES(269,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.122886','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0067);
INSERT INTO "calls" VALUES(270,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:57.972743','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.0024);
INSERT INTO "calls" VALUES(271,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:57.975723','baremetal','GET','/v1/ports','200',1,0.004);
INSERT INTO "calls" VALUES(272,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:57.980347','baremetal','GET','/v1/portgroups','200',1,0.0021);
INSERT INTO "calls" VALUES(273,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:57.988376','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(274,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:57.990149','network','GET','/v2.0/networks','200',1,0.0011);
INSERT INTO "calls" VALUES(275,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:57.992788','network','GET','/v2.0/ports','200',1,0.0219);
INSERT INTO "calls" VALUES(276,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.045393','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.0161);
INSERT INTO "calls" VALUES(277,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.062129','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000001','200',1,0.0103);
INSERT INTO "calls" VALUES(278,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.073087','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000002','200',1,0.0135);
INSERT INTO "calls" VALUES(279,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.157961','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.0013);
INSERT INTO "calls" VALUES(280,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:58.177655','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0012);
INSERT INTO "calls" VALUES(281,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.169198','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.003);
INSERT INTO "calls" VALUES(282,'f9c50398-18de-4370-9c7b-2926068d0928','2026-11-21 11:43:58.173292','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000004','200',1,0.0038);
INSERT INTO "calls" VALUES(283,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.171372','baremetal','POST','/v1/allocations','201',1,0.0055);
INSERT INTO "calls" VALUES(284,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.083821','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0144);
INSERT INTO "calls" VALUES(285,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.098881','baremetal','GET','/v1/ports','200',1,0.0048);
INSERT INTO "calls" VALUES(286,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.104392','baremetal','GET','/v1/portgroups','200',1,0.0127);
INSERT INTO "calls" VALUES(287,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.118953','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(288,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.120449','network','GET','/v2.0/networks','200',1,0.0008);
INSERT INTO "calls" VALUES(289,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.121878','network','GET','/v2.0/ports','200',1,0.0019);
INSERT INTO "calls" VALUES(290,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.213842','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0024);
INSERT INTO "calls" VALUES(291,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.216981','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000001','200',1,0.0027);
INSERT INTO "calls" VALUES(292,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.221069','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000002','200',1,0.0009);
INSERT INTO "calls" VALUES(293,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:57.999932','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0157);
INSERT INTO "calls" VALUES(294,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.016323','baremetal','GET','/v1/ports','200',1,0.0164);
INSERT INTO "calls" VALUES(295,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.033440','baremetal','GET','/v1/portgroups','200',1,0.0104);
INSERT INTO "calls" VALUES(296,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.046317','network','GET','/v2.0/ports','200',1,0.0076);
INSERT INTO "calls" VALUES(297,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.054542','network','GET','/v2.0/networks','200',1,0.0299);
INSERT INTO "calls" VALUES(298,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.085211','network','GET','/v2.0/ports','200',1,0.0071);
INSERT INTO "calls" VALUES(299,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.207453','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0019);
INSERT INTO "calls" VALUES(300,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.209851','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000001','200',1,0.0009);
INSERT INTO "calls" VALUES(301,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.211271','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000002','200',1,0.0046);
INSERT INTO "calls" VALUES(302,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.152408','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.0048);
INSERT INTO "calls" VALUES(303,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.168539','baremetal','GET','/v1/allocations/3d5d6335-b880-476f-b26b-9e4698d1c46e','404',1,0.0022);
INSERT INTO "calls" VALUES(304,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.223424','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.0042);
INSERT INTO "calls" VALUES(305,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.154912','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008','200',1,0.0117);
INSERT INTO "calls" VALUES(306,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.203122','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0025);
INSERT INTO "calls" VALUES(307,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.206249','baremetal','GET','/v1/ports','200',1,0.0021);
INSERT INTO "calls" VALUES(308,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.208955','baremetal','GET','/v1/portgroups','200',1,0.0027);
INSERT INTO "calls" VALUES(309,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.215055','network','GET','/v2.0/ports','200',1,0.0026);
INSERT INTO "calls" VALUES(310,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.218317','network','GET','/v2.0/networks','200',1,0.0018);
INSERT INTO "calls" VALUES(311,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.220746','network','GET','/v2.0/ports','200',1,0.0029);
INSERT INTO "calls" VALUES(312,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.248833','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0055);
INSERT INTO "calls" VALUES(313,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.254918','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0053);
INSERT INTO "calls" VALUES(314,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.260797','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000002','200',1,0.0019);
INSERT INTO "calls" VALUES(315,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.264692','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000001','200',1,0.0052);
INSERT INTO "calls" VALUES(316,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.262285','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000001','200',1,0.0018);
INSERT INTO "calls" VALUES(317,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.277738','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0019);
INSERT INTO "calls" VALUES(318,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.283261','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000002','200',1,0.002);
INSERT INTO "calls" VALUES(319,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.284810','baremetal','POST','/v1/allocations','201',1,0.0024);
INSERT INTO "calls" VALUES(320,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.271715','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0054);
INSERT INTO "calls" VALUES(321,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.282135','baremetal','GET','/v1/allocations/1cac470e-92fc-4c14-89de-b44f3e209b4a','404',1,0.0021);
INSERT INTO "calls" VALUES(322,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.288702','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0017);
INSERT INTO "calls" VALUES(323,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.289598','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008/vifs','204',1,0.0019);
INSERT INTO "calls" VALUES(324,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.280705','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000008000002','200',1,0.002);
INSERT INTO "calls" VALUES(325,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.286840','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000008/vifs','200',1,0.0023);
INSERT INTO "calls" VALUES(326,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.297134','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0019);
INSERT INTO "calls" VALUES(327,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.294670','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015','200',1,0.0012);
INSERT INTO "calls" VALUES(328,'cdbd7b74-8df5-4505-84b9-04b1e8f99968','2026-11-21 11:43:58.302667','network','POST','/v2.0/ports','201',1,0.0029);
INSERT INTO "calls" VALUES(329,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.309348','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0021);
INSERT INTO "calls" VALUES(330,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.307932','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0008);
INSERT INTO "calls" VALUES(331,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.316470','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000002','200',1,0.0007);
INSERT INTO "calls" VALUES(332,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.319680','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015/vifs','204',1,0.0008);
INSERT INTO "calls" VALUES(333,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.315028','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000002','200',1,0.0008);
INSERT INTO "calls" VALUES(334,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.318421','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000015/vifs','200',1,0.0007);
INSERT INTO "calls" VALUES(335,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.329421','network','POST','/v2.0/ports','400',1,0.0007);
INSERT INTO "calls" VALUES(336,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.327956','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(337,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.340489','network','GET','/v2.0/ports','200',1,0.0008);
INSERT INTO "calls" VALUES(338,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.346570','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0008);
INSERT INTO "calls" VALUES(339,'341e070b-c8ee-41b9-97fc-75fac5875682','2026-11-21 11:43:58.345253','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000015000001','200',1,0.0008);
INSERT INTO "calls" VALUES(340,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.239178','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0042);
INSERT INTO "calls" VALUES(341,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.354504','baremetal','POST','/v1/allocations','201',1,0.0009);
INSERT INTO "calls" VALUES(342,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.233431','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0023);
INSERT INTO "calls" VALUES(343,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.349808','baremetal','GET','/v1/allocations/d2a8f15e-1d13-4a0d-90ba-1891ff437b84','404',1,0.0042);
INSERT INTO "calls" VALUES(344,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.356635','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0008);
INSERT INTO "calls" VALUES(345,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.251837','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.008);
INSERT INTO "calls" VALUES(346,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.362156','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0009);
INSERT INTO "calls" VALUES(347,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.360770','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007','200',1,0.0008);
INSERT INTO "calls" VALUES(348,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.245691','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014','200',1,0.0055);
INSERT INTO "calls" VALUES(349,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.378260','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000001','200',1,0.0047);
INSERT INTO "calls" VALUES(350,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.372330','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000001','200',1,0.0054);
INSERT INTO "calls" VALUES(351,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.390848','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000001','200',1,0.0023);
INSERT INTO "calls" VALUES(352,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.384392','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0059);
INSERT INTO "calls" VALUES(353,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.382475','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000001','200',1,0.0074);
INSERT INTO "calls" VALUES(354,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.400226','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000002','200',1,0.0019);
INSERT INTO "calls" VALUES(355,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.365098','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0027);
INSERT INTO "calls" VALUES(356,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.368463','baremetal','GET','/v1/ports','200',1,0.0019);
INSERT INTO "calls" VALUES(357,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.370895','baremetal','GET','/v1/portgroups','200',1,0.0022);
INSERT INTO "calls" VALUES(358,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.375134','network','GET','/v2.0/ports','200',1,0.0061);
INSERT INTO "calls" VALUES(359,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.381841','network','GET','/v2.0/networks','200',1,0.0049);
INSERT INTO "calls" VALUES(360,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.387407','network','GET','/v2.0/ports','200',1,0.0013);
INSERT INTO "calls" VALUES(361,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.408847','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0024);
INSERT INTO "calls" VALUES(362,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.411817','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0021);
INSERT INTO "calls" VALUES(363,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.414482','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000002','200',1,0.0023);
INSERT INTO "calls" VALUES(364,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.412995','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000002','200',1,0.0043);
INSERT INTO "calls" VALUES(365,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.402975','baremetal','POST','/v1/allocations','201',1,0.001);
INSERT INTO "calls" VALUES(366,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.417984','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007/vifs','204',1,0.0025);
INSERT INTO "calls" VALUES(367,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.397775','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000007000002','200',1,0.0012);
INSERT INTO "calls" VALUES(368,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f','2026-11-21 11:43:58.415538','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000007/vifs','200',1,0.0019);
INSERT INTO "calls" VALUES(369,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.375965','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0076);
INSERT INTO "calls" VALUES(370,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.400936','baremetal','GET','/v1/allocations/c2ada58c-f332-43b5-9ec2-231b8dfcfb5e','404',1,0.0015);
INSERT INTO "calls" VALUES(371,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.427303','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.005);
INSERT INTO "calls" VALUES(372,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.441268','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0022);
INSERT INTO "calls" VALUES(373,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.439254','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000006','200',1,0.0014);
INSERT INTO "calls" VALUES(374,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.450206','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000001','200',1,0.0008);
INSERT INTO "calls" VALUES(375,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.429950','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014/vifs','204',1,0.003);
INSERT INTO "calls" VALUES(376,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.410176','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000014000002','200',1,0.0023);
INSERT INTO "calls" VALUES(377,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.426078','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000014/vifs','200',1,0.0032);
INSERT INTO "calls" VALUES(378,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.448915','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000001','200',1,0.0007);
INSERT INTO "calls" VALUES(379,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.425349','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0033);
INSERT INTO "calls" VALUES(380,'315b8c88-008b-4b69-b49e-b78b6e93d69f','2026-11-21 11:43:58.468483','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000006000002','200',1,0.0024);
INSERT INTO "calls" VALUES(381,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.460364','network','POST','/v2.0/ports','400',1,0.0114);
INSERT INTO "calls" VALUES(382,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.455472','network','GET','/v2.0/ports','200',1,0.004);
INSERT INTO "calls" VALUES(383,'60ff3c1b-e40f-41ac-857d-8a77a79df16d','2026-11-21 11:43:58.487576','network','GET','/v2.0/ports','200',1,0.0027);
INSERT INTO "calls" VALUES(384,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.473200','baremetal','POST','/v1/allocations','201',1,0.0037);
INSERT INTO "calls" VALUES(385,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.422884','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0018);
INSERT INTO "calls" VALUES(386,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.470085','baremetal','GET','/v1/allocations/119ccb00-b7ce-4bdc-a4ea-29540516e2d7','404',1,0.0022);
INSERT INTO "calls" VALUES(387,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.520970','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0011);
INSERT INTO "calls" VALUES(388,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.566850','baremetal','PATCH','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0009);
INSERT INTO "calls" VALUES(389,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.564969','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016','200',1,0.0012);
INSERT INTO "calls" VALUES(390,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.576418','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0008);
INSERT INTO "calls" VALUES(391,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.574821','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0009);
INSERT INTO "calls" VALUES(392,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.586302','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000002','200',1,0.0008);
INSERT INTO "calls" VALUES(393,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.589821','baremetal','POST','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs','204',1,0.0007);
INSERT INTO "calls" VALUES(394,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.584979','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000002','200',1,0.0008);
INSERT INTO "calls" VALUES(395,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.588542','baremetal','GET','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs','200',1,0.0007);
INSERT INTO "calls" VALUES(396,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.606539','network','POST','/v2.0/ports','400',1,0.0007);
INSERT INTO "calls" VALUES(397,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.605051','network','GET','/v2.0/ports','200',1,0.0009);
INSERT INTO "calls" VALUES(398,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.641677','network','GET','/v2.0/ports','200',1,0.0012);
INSERT INTO "calls" VALUES(399,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.655382','network','PUT','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0009);
INSERT INTO "calls" VALUES(400,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.653454','network','GET','/v2.0/ports/bbbbbbbb-0000-4000-8000-000016000001','200',1,0.0012);
INSERT INTO "calls" VALUES(401,'d6ea495d-240c-40cc-bb73-22a3963b321b','2026-11-21 11:43:58.661474','baremetal','DELETE','/v1/nodes/aaaaaaaa-0000-4000-8000-000000000016/vifs/bbbbbbbb-0000-4000-8000-000016000002','204',1,0.0007);
CREATE TABLE corral_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT corral_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "corral_alembic_version" VALUES('0001');
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
INSERT INTO "flavors" VALUES('e9dd54cc-5c6d-4cb2-b4d7-409583c997d5','gold',NULL,'{"gold": "1"}','{}',1,0,'[]','2026-11-21 11:43:56.182759',NULL);
CREATE TABLE flow_claims (
	operation VARCHAR(36) NOT NULL, 
	epoch INTEGER NOT NULL, 
	owner VARCHAR(255) NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	CONSTRAINT pk_flow_claims PRIMARY KEY (operation), 
	CONSTRAINT fk_flow_claims_operation_operations FOREIGN KEY(operation) REFERENCES operations (uuid) ON DELETE CASCADE
);
INSERT INTO "flow_claims" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6',1,'vm:1139:e0117502','2026-11-21 11:43:57.077616');
INSERT INTO "flow_claims" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5',1,'vm:1139:e0117502','2026-11-21 11:43:57.083483');
INSERT INTO "flow_claims" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',1,'vm:1139:e0117502','2026-11-21 11:43:57.210208');
INSERT INTO "flow_claims" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',1,'vm:1139:e0117502','2026-11-21 11:43:57.245939');
INSERT INTO "flow_claims" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',1,'vm:1139:e0117502','2026-11-21 11:43:57.294641');
INSERT INTO "flow_claims" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e',1,'vm:1139:e0117502','2026-11-21 11:43:57.431399');
INSERT INTO "flow_claims" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a',1,'vm:1139:e0117502','2026-11-21 11:43:57.441608');
INSERT INTO "flow_claims" VALUES('4897f03a-b642-41cd-a977-613847562dca',1,'vm:1139:e0117502','2026-11-21 11:43:57.506202');
INSERT INTO "flow_claims" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',1,'vm:1139:e0117502','2026-11-21 11:43:57.563562');
INSERT INTO "flow_claims" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',1,'vm:1139:e0117502','2026-11-21 11:43:57.602582');
INSERT INTO "flow_claims" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',1,'vm:1139:e0117502','2026-11-21 11:43:57.840705');
INSERT INTO "flow_claims" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',1,'vm:1139:e0117502','2026-11-21 11:43:57.878792');
INSERT INTO "flow_claims" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',1,'vm:1139:e0117502','2026-11-21 11:43:57.946407');
INSERT INTO "flow_claims" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',1,'vm:1139:e0117502','2026-11-21 11:43:58.013220');
INSERT INTO "flow_claims" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',1,'vm:1139:e0117502','2026-11-21 11:43:58.018710');
INSERT INTO "flow_claims" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',1,'vm:1139:e0117502','2026-11-21 11:43:58.126671');
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
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.063159','2026-11-21 11:43:57.095958','f73fd73f-65be-4c33-b250-b01e1989eec6','{}','unmanage',NULL,'f73fd73f-65be-4c33-b250-b01e1989eec6');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.070764','2026-11-21 11:43:57.102396','d93e241c-44eb-4b02-b049-07b43f4e84d5','{}','unmanage',NULL,'d93e241c-44eb-4b02-b049-07b43f4e84d5');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.195224','2026-11-21 11:43:57.218882','465f120b-2c4f-4005-8a11-bb972f808fad','{}','unmanage',NULL,'465f120b-2c4f-4005-8a11-bb972f808fad');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.231491','2026-11-21 11:43:57.264260','3b873b70-3b1b-4587-bf27-ba7105adc85f','{}','unmanage',NULL,'3b873b70-3b1b-4587-bf27-ba7105adc85f');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.249851','2026-11-21 11:43:57.330442','7cede456-bc85-406c-926a-af7aa6f221c7','{}','unmanage',NULL,'7cede456-bc85-406c-926a-af7aa6f221c7');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.346148','2026-11-21 11:43:57.461245','9e465f77-28bf-4b67-b456-82ba9a28eb3a','{}','manage',NULL,'9e465f77-28bf-4b67-b456-82ba9a28eb3a');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.413755','2026-11-21 11:43:57.446990','4dfd4fa3-591c-426c-bb41-85ce315c6a8e','{}','manage',NULL,'4dfd4fa3-591c-426c-bb41-85ce315c6a8e');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.474571','2026-11-21 11:43:57.538509','4897f03a-b642-41cd-a977-613847562dca','{}','manage',NULL,'4897f03a-b642-41cd-a977-613847562dca');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.531799','2026-11-21 11:43:57.617839','f9c50398-18de-4370-9c7b-2926068d0928','{}','manage',NULL,'f9c50398-18de-4370-9c7b-2926068d0928');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.577537','2026-11-21 11:43:57.626053','12fbb041-a6c6-469c-baf5-a7fa04079bea','{}','manage',NULL,'12fbb041-a6c6-469c-baf5-a7fa04079bea');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.750700','2026-11-21 11:43:58.046670','315b8c88-008b-4b69-b49e-b78b6e93d69f','{}','manage',NULL,'315b8c88-008b-4b69-b49e-b78b6e93d69f');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.811932','2026-11-21 11:43:57.856066','8fd83f3d-1687-4bb6-843b-99e48fb38d1f','{}','manage',NULL,'8fd83f3d-1687-4bb6-843b-99e48fb38d1f');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.868202','2026-11-21 11:43:57.891553','cdbd7b74-8df5-4505-84b9-04b1e8f99968','{}','manage',NULL,'cdbd7b74-8df5-4505-84b9-04b1e8f99968');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.928331','2026-11-21 11:43:57.960330','60ff3c1b-e40f-41ac-857d-8a77a79df16d','{}','manage',NULL,'60ff3c1b-e40f-41ac-857d-8a77a79df16d');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:57.985443','2026-11-21 11:43:58.087578','341e070b-c8ee-41b9-97fc-75fac5875682','{}','manage',NULL,'341e070b-c8ee-41b9-97fc-75fac5875682');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:58.078479','2026-11-21 11:43:58.174016','d6ea495d-240c-40cc-bb73-22a3963b321b','{}','manage',NULL,'d6ea495d-240c-40cc-bb73-22a3963b321b');
INSERT INTO "flowdetails" VALUES('2026-11-21 11:43:58.160945',NULL,'39cc7eb4-45b3-4468-829d-20b58c9b0582','{}','manage',NULL,'39cc7eb4-45b3-4468-829d-20b58c9b0582');
CREATE TABLE logbooks (
	created_at DATETIME, 
	updated_at DATETIME, 
	meta TEXT, 
	name VARCHAR(255), 
	uuid VARCHAR(64) NOT NULL, 
	PRIMARY KEY (uuid), 
	UNIQUE (uuid)
);
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.062864',NULL,'{}','unmanage','f73fd73f-65be-4c33-b250-b01e1989eec6');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.070483',NULL,'{}','unmanage','d93e241c-44eb-4b02-b049-07b43f4e84d5');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.194872',NULL,'{}','unmanage','465f120b-2c4f-4005-8a11-bb972f808fad');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.231190',NULL,'{}','unmanage','3b873b70-3b1b-4587-bf27-ba7105adc85f');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.249537',NULL,'{}','unmanage','7cede456-bc85-406c-926a-af7aa6f221c7');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.345838',NULL,'{}','manage','9e465f77-28bf-4b67-b456-82ba9a28eb3a');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.413460',NULL,'{}','manage','4dfd4fa3-591c-426c-bb41-85ce315c6a8e');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.474275',NULL,'{}','manage','4897f03a-b642-41cd-a977-613847562dca');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.531507',NULL,'{}','manage','f9c50398-18de-4370-9c7b-2926068d0928');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.577239',NULL,'{}','manage','12fbb041-a6c6-469c-baf5-a7fa04079bea');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.750404',NULL,'{}','manage','315b8c88-008b-4b69-b49e-b78b6e93d69f');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.811629',NULL,'{}','manage','8fd83f3d-1687-4bb6-843b-99e48fb38d1f');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.865946',NULL,'{}','manage','cdbd7b74-8df5-4505-84b9-04b1e8f99968');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.924163',NULL,'{}','manage','60ff3c1b-e40f-41ac-857d-8a77a79df16d');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:57.985141',NULL,'{}','manage','341e070b-c8ee-41b9-97fc-75fac5875682');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:58.078181',NULL,'{}','manage','d6ea495d-240c-40cc-bb73-22a3963b321b');
INSERT INTO "logbooks" VALUES('2026-11-21 11:43:58.160626',NULL,'{}','manage','39cc7eb4-45b3-4468-829d-20b58c9b0582');
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
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',1,'2026-11-21 11:43:56.251941','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',2,'2026-11-21 11:43:56.251941','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',3,'2026-11-21 11:43:56.283330','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',4,'2026-11-21 11:43:56.285580','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',5,'2026-11-21 11:43:56.300847','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',6,'2026-11-21 11:43:56.302128','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',7,'2026-11-21 11:43:56.307182','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',8,'2026-11-21 11:43:56.308368','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',9,'2026-11-21 11:43:56.327653','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',10,'2026-11-21 11:43:56.328956','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',11,'2026-11-21 11:43:56.341448','step.done','create_ports','',0.625);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',12,'2026-11-21 11:43:56.342892','step.started','read_back','',0.625);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',13,'2026-11-21 11:43:56.350446','step.done','read_back','',0.75);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',14,'2026-11-21 11:43:56.351637','step.started','verify','',0.75);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',15,'2026-11-21 11:43:56.361312','step.done','verify','',0.875);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',16,'2026-11-21 11:43:56.362482','step.started','activate','',0.875);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',17,'2026-11-21 11:43:56.370448','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042',18,'2026-11-21 11:43:56.374923','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',1,'2026-11-21 11:43:56.408607','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',2,'2026-11-21 11:43:56.408607','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',3,'2026-11-21 11:43:56.461967','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',4,'2026-11-21 11:43:56.463348','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',5,'2026-11-21 11:43:56.474299','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',6,'2026-11-21 11:43:56.475524','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',7,'2026-11-21 11:43:56.481043','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',8,'2026-11-21 11:43:56.482257','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',9,'2026-11-21 11:43:56.499819','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',10,'2026-11-21 11:43:56.501115','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',11,'2026-11-21 11:43:56.509718','step.done','create_ports','',0.625);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',12,'2026-11-21 11:43:56.510878','step.started','read_back','',0.625);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',13,'2026-11-21 11:43:56.515426','step.done','read_back','',0.75);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',14,'2026-11-21 11:43:56.516677','step.started','verify','',0.75);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',15,'2026-11-21 11:43:56.523724','step.done','verify','',0.875);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',16,'2026-11-21 11:43:56.524926','step.started','activate','',0.875);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',17,'2026-11-21 11:43:56.528868','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f',18,'2026-11-21 11:43:56.533108','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',1,'2026-11-21 11:43:56.562122','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',2,'2026-11-21 11:43:56.562122','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',3,'2026-11-21 11:43:56.584413','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',4,'2026-11-21 11:43:56.586444','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',5,'2026-11-21 11:43:56.604245','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',6,'2026-11-21 11:43:56.606084','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',7,'2026-11-21 11:43:56.615630','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',8,'2026-11-21 11:43:56.616914','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',9,'2026-11-21 11:43:56.642882','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',10,'2026-11-21 11:43:56.645604','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',11,'2026-11-21 11:43:56.663299','step.done','create_ports','',0.625);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',12,'2026-11-21 11:43:56.664769','step.started','read_back','',0.625);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',13,'2026-11-21 11:43:56.679008','step.done','read_back','',0.75);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',14,'2026-11-21 11:43:56.691082','step.started','verify','',0.75);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',15,'2026-11-21 11:43:56.702397','step.done','verify','',0.875);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',16,'2026-11-21 11:43:56.703871','step.started','activate','',0.875);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',17,'2026-11-21 11:43:56.708405','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb',18,'2026-11-21 11:43:56.713167','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',1,'2026-11-21 11:43:56.743840','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',2,'2026-11-21 11:43:56.743840','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',3,'2026-11-21 11:43:56.765111','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',4,'2026-11-21 11:43:56.766462','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',5,'2026-11-21 11:43:56.780420','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',6,'2026-11-21 11:43:56.782047','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',7,'2026-11-21 11:43:56.789780','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',8,'2026-11-21 11:43:56.791151','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',9,'2026-11-21 11:43:56.807508','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',10,'2026-11-21 11:43:56.809002','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',11,'2026-11-21 11:43:56.819444','step.done','create_ports','',0.625);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',12,'2026-11-21 11:43:56.820877','step.started','read_back','',0.625);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',13,'2026-11-21 11:43:56.827363','step.done','read_back','',0.75);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',14,'2026-11-21 11:43:56.829178','step.started','verify','',0.75);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',15,'2026-11-21 11:43:56.838020','step.done','verify','',0.875);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',16,'2026-11-21 11:43:56.839444','step.started','activate','',0.875);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',17,'2026-11-21 11:43:56.845405','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f',18,'2026-11-21 11:43:56.850508','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',1,'2026-11-21 11:43:56.882594','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',2,'2026-11-21 11:43:56.882594','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',3,'2026-11-21 11:43:56.902082','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',4,'2026-11-21 11:43:56.903473','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',5,'2026-11-21 11:43:56.915602','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',6,'2026-11-21 11:43:56.917839','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',7,'2026-11-21 11:43:56.932396','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',8,'2026-11-21 11:43:56.933636','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',9,'2026-11-21 11:43:56.964476','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',10,'2026-11-21 11:43:56.969076','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',11,'2026-11-21 11:43:56.993362','step.done','create_ports','',0.625);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',12,'2026-11-21 11:43:56.997447','step.started','read_back','',0.625);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',13,'2026-11-21 11:43:57.003135','step.done','read_back','',0.75);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',14,'2026-11-21 11:43:57.004801','step.started','verify','',0.75);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',15,'2026-11-21 11:43:57.020440','step.done','verify','',0.875);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',16,'2026-11-21 11:43:57.024749','step.started','activate','',0.875);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',17,'2026-11-21 11:43:57.036420','step.done','activate','',1.0);
INSERT INTO "operation_events" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50',18,'2026-11-21 11:43:57.048857','operation.succeeded',NULL,'',1.0);
INSERT INTO "operation_events" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6',1,'2026-11-21 11:43:57.099087','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6',2,'2026-11-21 11:43:57.099087','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5',1,'2026-11-21 11:43:57.116098','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5',2,'2026-11-21 11:43:57.116098','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5',3,'2026-11-21 11:43:57.140496','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5',4,'2026-11-21 11:43:57.143099','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6',3,'2026-11-21 11:43:57.169537','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6',4,'2026-11-21 11:43:57.176763','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',1,'2026-11-21 11:43:57.223761','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',2,'2026-11-21 11:43:57.223761','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',3,'2026-11-21 11:43:57.275089','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',4,'2026-11-21 11:43:57.277559','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',1,'2026-11-21 11:43:57.284307','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',2,'2026-11-21 11:43:57.284307','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',5,'2026-11-21 11:43:57.323887','step.done','unplug','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad',6,'2026-11-21 11:43:57.327798','step.started','restore_ports','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',1,'2026-11-21 11:43:57.351040','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',2,'2026-11-21 11:43:57.351040','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',3,'2026-11-21 11:43:57.361458','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',4,'2026-11-21 11:43:57.372808','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',3,'2026-11-21 11:43:57.391043','step.done','observe','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',4,'2026-11-21 11:43:57.409025','step.started','unplug','',1.42857142857142849212e-01);
INSERT INTO "operation_events" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',5,'2026-11-21 11:43:57.421350','step.done','unplug','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f',6,'2026-11-21 11:43:57.422524','step.started','restore_ports','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e',1,'2026-11-21 11:43:57.457650','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e',2,'2026-11-21 11:43:57.457650','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a',1,'2026-11-21 11:43:57.468757','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a',2,'2026-11-21 11:43:57.468757','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',5,'2026-11-21 11:43:57.508915','step.done','unplug','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',6,'2026-11-21 11:43:57.519066','step.started','restore_ports','',2.85714285714285698425e-01);
INSERT INTO "operation_events" VALUES('4897f03a-b642-41cd-a977-613847562dca',1,'2026-11-21 11:43:57.547513','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('4897f03a-b642-41cd-a977-613847562dca',2,'2026-11-21 11:43:57.547513','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e',3,'2026-11-21 11:43:57.614338','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('4897f03a-b642-41cd-a977-613847562dca',3,'2026-11-21 11:43:57.623465','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('4897f03a-b642-41cd-a977-613847562dca',4,'2026-11-21 11:43:57.624957','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',1,'2026-11-21 11:43:57.631775','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',2,'2026-11-21 11:43:57.631775','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',1,'2026-11-21 11:43:57.633774','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',2,'2026-11-21 11:43:57.633774','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e',4,'2026-11-21 11:43:57.636654','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',7,'2026-11-21 11:43:57.647482','step.done','restore_ports','',4.28571428571428547638e-01);
INSERT INTO "operation_events" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7',8,'2026-11-21 11:43:57.650765','step.started','release','',4.28571428571428547638e-01);
INSERT INTO "operation_events" VALUES('4897f03a-b642-41cd-a977-613847562dca',5,'2026-11-21 11:43:57.677695','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('4897f03a-b642-41cd-a977-613847562dca',6,'2026-11-21 11:43:57.679114','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',3,'2026-11-21 11:43:57.693414','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',4,'2026-11-21 11:43:57.695453','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',3,'2026-11-21 11:43:57.702868','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',4,'2026-11-21 11:43:57.704934','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',5,'2026-11-21 11:43:57.730985','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',5,'2026-11-21 11:43:57.736889','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',6,'2026-11-21 11:43:57.744713','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a',3,'2026-11-21 11:43:57.776096','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a',4,'2026-11-21 11:43:57.788554','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',7,'2026-11-21 11:43:57.799064','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea',8,'2026-11-21 11:43:57.805537','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',1,'2026-11-21 11:43:57.913790','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',2,'2026-11-21 11:43:57.913790','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',1,'2026-11-21 11:43:57.966815','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',2,'2026-11-21 11:43:57.966815','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',3,'2026-11-21 11:43:57.978672','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',4,'2026-11-21 11:43:57.981474','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',1,'2026-11-21 11:43:57.995725','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',2,'2026-11-21 11:43:57.995725','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',1,'2026-11-21 11:43:58.062227','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',2,'2026-11-21 11:43:58.062227','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',5,'2026-11-21 11:43:58.139168','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',3,'2026-11-21 11:43:58.146490','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',4,'2026-11-21 11:43:58.149426','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',6,'2026-11-21 11:43:58.152832','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',6,'2026-11-21 11:43:58.169644','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',7,'2026-11-21 11:43:58.187368','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('f9c50398-18de-4370-9c7b-2926068d0928',8,'2026-11-21 11:43:58.196399','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',1,'2026-11-21 11:43:58.199589','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',2,'2026-11-21 11:43:58.199589','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',3,'2026-11-21 11:43:58.229541','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',4,'2026-11-21 11:43:58.231368','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',3,'2026-11-21 11:43:58.234177','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',5,'2026-11-21 11:43:58.240847','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',6,'2026-11-21 11:43:58.242626','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',7,'2026-11-21 11:43:58.253506','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',8,'2026-11-21 11:43:58.259069','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',3,'2026-11-21 11:43:58.265644','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',4,'2026-11-21 11:43:58.269189','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',5,'2026-11-21 11:43:58.292033','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',6,'2026-11-21 11:43:58.293326','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',9,'2026-11-21 11:43:58.298024','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968',10,'2026-11-21 11:43:58.299735','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',7,'2026-11-21 11:43:58.304774','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',8,'2026-11-21 11:43:58.306298','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',9,'2026-11-21 11:43:58.325210','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',10,'2026-11-21 11:43:58.326567','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',11,'2026-11-21 11:43:58.332470','step.failed','create_ports','network: POST /v2.0/ports was answered 400: The network is full.',NULL);
INSERT INTO "operation_events" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682',12,'2026-11-21 11:43:58.342296','step.undone','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',5,'2026-11-21 11:43:58.358400','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',6,'2026-11-21 11:43:58.359456','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',1,'2026-11-21 11:43:58.363144','operation.started',NULL,'',NULL);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',2,'2026-11-21 11:43:58.363144','step.started','observe','',0.0);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',7,'2026-11-21 11:43:58.367080','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',8,'2026-11-21 11:43:58.369513','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',4,'2026-11-21 11:43:58.374166','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',7,'2026-11-21 11:43:58.377013','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',8,'2026-11-21 11:43:58.379473','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',3,'2026-11-21 11:43:58.419608','step.done','observe','',0.125);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',4,'2026-11-21 11:43:58.421361','step.started','claim','',0.125);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',9,'2026-11-21 11:43:58.434555','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',5,'2026-11-21 11:43:58.436898','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',6,'2026-11-21 11:43:58.438000','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f',10,'2026-11-21 11:43:58.439792','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',7,'2026-11-21 11:43:58.446596','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f',8,'2026-11-21 11:43:58.447656','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',9,'2026-11-21 11:43:58.453015','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',10,'2026-11-21 11:43:58.454094','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',11,'2026-11-21 11:43:58.477933','step.failed','create_ports','network: POST /v2.0/ports was answered 400: The network is full.',NULL);
INSERT INTO "operation_events" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d',12,'2026-11-21 11:43:58.492539','step.undone','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',5,'2026-11-21 11:43:58.550443','step.done','claim','',0.25);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',6,'2026-11-21 11:43:58.561460','step.started','protect','',0.25);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',7,'2026-11-21 11:43:58.569584','step.done','protect','',0.375);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',8,'2026-11-21 11:43:58.572912','step.started','bind','',0.375);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',9,'2026-11-21 11:43:58.596465','step.done','bind','',0.5);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',10,'2026-11-21 11:43:58.600691','step.started','create_ports','',0.5);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',11,'2026-11-21 11:43:58.609744','step.failed','create_ports','network: POST /v2.0/ports was answered 400: The network is full.',NULL);
INSERT INTO "operation_events" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b',12,'2026-11-21 11:43:58.643925','step.undone','create_ports','',0.5);
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
INSERT INTO "operations" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042','manage',1,'succeeded','{"server": "990f41c8-3c4a-4248-af93-c0f4c3438321", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000009", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-9", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000009", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000009000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000009000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "96f423e904ba303d0e3df2ed09c6f9c6147e668830e651d2353ecbc98ecd4c9f", "name": "server-9"}',NULL,'990f41c8-3c4a-4248-af93-c0f4c3438321','lab','aaaaaaaa-0000-4000-8000-000000000009','bank','operator',NULL,1.0,'{"server": "990f41c8-3c4a-4248-af93-c0f4c3438321", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:56.213171','2026-11-21 11:43:56.251941','2026-11-21 11:43:56.374923');
INSERT INTO "operations" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f','manage',1,'succeeded','{"server": "e35d643d-e0f1-4e2c-a41b-ec042aa1505f", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000010", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-10", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000010", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000010000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000010000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "c0af8875e9fe096b9db7e208d555ada5f1e80ac5782cfc3314efeb6c4d4464b3", "name": "server-10"}',NULL,'e35d643d-e0f1-4e2c-a41b-ec042aa1505f','lab','aaaaaaaa-0000-4000-8000-000000000010','bank','operator',NULL,1.0,'{"server": "e35d643d-e0f1-4e2c-a41b-ec042aa1505f", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:56.391799','2026-11-21 11:43:56.408607','2026-11-21 11:43:56.533108');
INSERT INTO "operations" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb','manage',1,'succeeded','{"server": "b801486e-da1e-47e7-9275-0934f2379eb9", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000011", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-11", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000011", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000011000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000011000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "690c39dc4d8eda5584f078176f2437320ef5be321412b5bc99152c7369a6a5ae", "name": "server-11"}',NULL,'b801486e-da1e-47e7-9275-0934f2379eb9','lab','aaaaaaaa-0000-4000-8000-000000000011','bank','operator',NULL,1.0,'{"server": "b801486e-da1e-47e7-9275-0934f2379eb9", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:56.547725','2026-11-21 11:43:56.562122','2026-11-21 11:43:56.713167');
INSERT INTO "operations" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f','manage',1,'succeeded','{"server": "dc19e8fe-d5e0-47de-83f5-028764ae10f5", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000012", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-12", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000012", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000012000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000012000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "afba716503199e72f94f24574cb235c512a62f892d924074e9603451b463bb11", "name": "server-12"}',NULL,'dc19e8fe-d5e0-47de-83f5-028764ae10f5','lab','aaaaaaaa-0000-4000-8000-000000000012','bank','operator',NULL,1.0,'{"server": "dc19e8fe-d5e0-47de-83f5-028764ae10f5", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:56.729272','2026-11-21 11:43:56.743840','2026-11-21 11:43:56.850508');
INSERT INTO "operations" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50','manage',1,'succeeded','{"server": "13cd0712-28f9-4ef9-96f2-1849981539d1", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000013", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-13", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000013", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000013000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000013000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "1db648de399e7b296ca3d53f2ee5cdb34f64a87bf029bc732c956926dc9cc9ae", "name": "server-13"}',NULL,'13cd0712-28f9-4ef9-96f2-1849981539d1','lab','aaaaaaaa-0000-4000-8000-000000000013','bank','operator',NULL,1.0,'{"server": "13cd0712-28f9-4ef9-96f2-1849981539d1", "status": "active"}',NULL,NULL,0,NULL,'2026-11-21 11:43:56.866716','2026-11-21 11:43:56.882594','2026-11-21 11:43:57.048857');
INSERT INTO "operations" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6','unmanage',1,'running','{"server": "990f41c8-3c4a-4248-af93-c0f4c3438321", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000009", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-9"}',NULL,'990f41c8-3c4a-4248-af93-c0f4c3438321','lab','aaaaaaaa-0000-4000-8000-000000000009','bank','operator','Unplug what Corral plugged in',1.42857142857142849212e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.062514','2026-11-21 11:43:57.099087',NULL);
INSERT INTO "operations" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5','unmanage',1,'running','{"server": "e35d643d-e0f1-4e2c-a41b-ec042aa1505f", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000010", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-10"}',NULL,'e35d643d-e0f1-4e2c-a41b-ec042aa1505f','lab','aaaaaaaa-0000-4000-8000-000000000010','bank','operator','Unplug what Corral plugged in',1.42857142857142849212e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.070162','2026-11-21 11:43:57.116098',NULL);
INSERT INTO "operations" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad','unmanage',1,'running','{"server": "b801486e-da1e-47e7-9275-0934f2379eb9", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000011", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-11"}',NULL,'b801486e-da1e-47e7-9275-0934f2379eb9','lab','aaaaaaaa-0000-4000-8000-000000000011','bank','operator','Restore the ports',2.85714285714285698425e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.194138','2026-11-21 11:43:57.223761',NULL);
INSERT INTO "operations" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f','unmanage',1,'running','{"server": "dc19e8fe-d5e0-47de-83f5-028764ae10f5", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000012", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-12"}',NULL,'dc19e8fe-d5e0-47de-83f5-028764ae10f5','lab','aaaaaaaa-0000-4000-8000-000000000012','bank','operator','Restore the ports',2.85714285714285698425e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.230786','2026-11-21 11:43:57.284307',NULL);
INSERT INTO "operations" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7','unmanage',1,'running','{"server": "13cd0712-28f9-4ef9-96f2-1849981539d1", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000013", "project": "bank", "user": "operator", "request_id": "req-former", "name": "server-13"}',NULL,'13cd0712-28f9-4ef9-96f2-1849981539d1','lab','aaaaaaaa-0000-4000-8000-000000000013','bank','operator','Release the claim',4.28571428571428547638e-01,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.249201','2026-11-21 11:43:57.351040',NULL);
INSERT INTO "operations" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a','manage',1,'running','{"server": "eec49fbc-7de8-4e7a-a641-b187a81f0623", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000001", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-1", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000001", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000001000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000001000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "38f95888fb2a429c2f9f42de6ecd79fd434c28ff878e9f9444ac70ee0d252d9d", "name": "server-1"}',NULL,'eec49fbc-7de8-4e7a-a641-b187a81f0623','lab','aaaaaaaa-0000-4000-8000-000000000001','bank','operator','Claim the machine',0.125,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.345429','2026-11-21 11:43:57.468757',NULL);
INSERT INTO "operations" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e','manage',1,'running','{"server": "5dbc9044-4ce5-4976-b3d7-d60617b30683", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000002", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-2", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000002", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000002000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000002000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "e9038b5821901835ae0832da7afede5fdfc2082fb3f6ba857e9412782a310cc1", "name": "server-2"}',NULL,'5dbc9044-4ce5-4976-b3d7-d60617b30683','lab','aaaaaaaa-0000-4000-8000-000000000002','bank','operator','Claim the machine',0.125,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.413064','2026-11-21 11:43:57.457650',NULL);
INSERT INTO "operations" VALUES('4897f03a-b642-41cd-a977-613847562dca','manage',1,'running','{"server": "66b31fd5-2423-4ae1-b440-6794881fb20a", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000003", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-3", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000003", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000003000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000003000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "5dbd8a141e51920a7a8d26b438aab503ad69bcb4bf15be604ad93558434c895b", "name": "server-3"}',NULL,'66b31fd5-2423-4ae1-b440-6794881fb20a','lab','aaaaaaaa-0000-4000-8000-000000000003','bank','operator','Protect it at the source',0.25,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.473908','2026-11-21 11:43:57.547513',NULL);
INSERT INTO "operations" VALUES('f9c50398-18de-4370-9c7b-2926068d0928','manage',1,'running','{"server": "b1a59c91-e29c-4e02-bed1-ec89caa591f2", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000004", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-4", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000004", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000004000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000004000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "7fb34f8d380aa9cc595b5affbbfad053843bad9cd863aab7540892b10d91f7a6", "name": "server-4"}',NULL,'b1a59c91-e29c-4e02-bed1-ec89caa591f2','lab','aaaaaaaa-0000-4000-8000-000000000004','bank','operator','Bind existing ports',0.375,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.531090','2026-11-21 11:43:57.631775',NULL);
INSERT INTO "operations" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea','manage',1,'running','{"server": "6b53660a-e6d6-42f7-8c47-e604790679fd", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000005", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-5", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000005", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000005000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000005000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "793fd7034b157dfaca304232476f07b7ccfb427fd9891819f50b6bd5c4b914f0", "name": "server-5"}',NULL,'6b53660a-e6d6-42f7-8c47-e604790679fd','lab','aaaaaaaa-0000-4000-8000-000000000005','bank','operator','Bind existing ports',0.375,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.576832','2026-11-21 11:43:57.633774',NULL);
INSERT INTO "operations" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f','manage',1,'running','{"server": "c2ada58c-f332-43b5-9ec2-231b8dfcfb5e", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000006", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-6", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000006", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000006000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000006000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "c421ce13465a6c99d77311eb06457e5f22a475248baafc2eba16aec2c5bf31de", "name": "server-6"}',NULL,'c2ada58c-f332-43b5-9ec2-231b8dfcfb5e','lab','aaaaaaaa-0000-4000-8000-000000000006','bank','operator','Bind existing ports',0.375,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.750000','2026-11-21 11:43:58.062227',NULL);
INSERT INTO "operations" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f','manage',1,'running','{"server": "d2a8f15e-1d13-4a0d-90ba-1891ff437b84", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000007", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-7", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000007", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000007000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000007000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "72ce6e2b020bbd06a0ea6487fbf36a4208deaff252c320a967bbe3d09385f32b", "name": "server-7"}',NULL,'d2a8f15e-1d13-4a0d-90ba-1891ff437b84','lab','aaaaaaaa-0000-4000-8000-000000000007','bank','operator','Create and plug new ports',0.5,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.811223','2026-11-21 11:43:57.995725',NULL);
INSERT INTO "operations" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968','manage',1,'running','{"server": "46f52a66-3637-466f-88d4-0a6a41d50827", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000008", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-8", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000008", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000008000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000008000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "2f73d7bd5573c57a4247a1886493310b9f26b5caf98fd30cc0bfe2fed8ea7c1b", "name": "server-8"}',NULL,'46f52a66-3637-466f-88d4-0a6a41d50827','lab','aaaaaaaa-0000-4000-8000-000000000008','bank','operator','Create and plug new ports',0.5,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:57.865577','2026-11-21 11:43:57.913790',NULL);
INSERT INTO "operations" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d','manage',1,'reverting','{"server": "3d5d6335-b880-476f-b26b-9e4698d1c46e", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000014", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-14", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000014", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000014000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000014000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "85acabaabfb26d2f0ea3333f0a353224becd77955ecf226e5482ca1d4efa6a50", "name": "server-14"}',NULL,'3d5d6335-b880-476f-b26b-9e4698d1c46e','lab','aaaaaaaa-0000-4000-8000-000000000014','bank','operator','Bind existing ports',0.5,NULL,'{"message": "network: POST /v2.0/ports was answered 400: The network is full.", "code": "driver-failed", "fix": "", "type": "Rejected", "step": "create_ports"}',NULL,0,NULL,'2026-11-21 11:43:57.922263','2026-11-21 11:43:57.966815',NULL);
INSERT INTO "operations" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682','manage',1,'reverting','{"server": "1cac470e-92fc-4c14-89de-b44f3e209b4a", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000015", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-15", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000015", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000015000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000015000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "3e975a7989a0c573759c9e0e87321114c65dac92e16c5a57ff71e10dbcbc6e26", "name": "server-15"}',NULL,'1cac470e-92fc-4c14-89de-b44f3e209b4a','lab','aaaaaaaa-0000-4000-8000-000000000015','bank','operator','Bind existing ports',0.5,NULL,'{"message": "network: POST /v2.0/ports was answered 400: The network is full.", "code": "driver-failed", "fix": "", "type": "Rejected", "step": "create_ports"}',NULL,0,NULL,'2026-11-21 11:43:57.984678','2026-11-21 11:43:58.199589',NULL);
INSERT INTO "operations" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b','manage',1,'reverting','{"server": "119ccb00-b7ce-4bdc-a4ea-29540516e2d7", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000016", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-16", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000016", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000016000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000016000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "a4f83ef77f4e49ea05716d6fbeb1fc98138d9d2b802c126e2adcc923df56ea7f", "name": "server-16"}',NULL,'119ccb00-b7ce-4bdc-a4ea-29540516e2d7','lab','aaaaaaaa-0000-4000-8000-000000000016','bank','operator','Bind existing ports',0.5,NULL,'{"message": "network: POST /v2.0/ports was answered 400: The network is full.", "code": "driver-failed", "fix": "", "type": "Rejected", "step": "create_ports"}',NULL,0,NULL,'2026-11-21 11:43:58.077752','2026-11-21 11:43:58.363144',NULL);
INSERT INTO "operations" VALUES('39cc7eb4-45b3-4468-829d-20b58c9b0582','manage',1,'pending','{"server": "202a68f4-e181-465f-b146-05b66010bffb", "source": "lab", "machine": "aaaaaaaa-0000-4000-8000-000000000017", "project": "bank", "user": "operator", "request_id": "req-former", "request": {"name": "server-17", "node_uuid": "aaaaaaaa-0000-4000-8000-000000000017", "flavor_uuid": "e9dd54cc-5c6d-4cb2-b4d7-409583c997d5", "networks": [{"port_id": "bbbbbbbb-0000-4000-8000-000017000001"}, {"port_id": "bbbbbbbb-0000-4000-8000-000017000002"}, {"net_id": "cccccccc-0000-4000-8000-000000000001"}], "source": "lab", "description": null, "availability_zone": null, "project_id": null, "metadata": {}}, "basis": "e8cd8b3491e76d5a37ac9ee988597648d1f8836383cdc9ea5b89a35cb4ec321c", "name": "server-17"}',NULL,'202a68f4-e181-465f-b146-05b66010bffb','lab','aaaaaaaa-0000-4000-8000-000000000017','bank','operator',NULL,0.0,NULL,NULL,NULL,0,NULL,'2026-11-21 11:43:58.160175',NULL,NULL);
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
	steps JSON NOT NULL, 
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
	operations JSON NOT NULL, 
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
INSERT INTO "proofs" VALUES('25bb6a82-ffe1-43d2-8802-3ebfbab7e042','990f41c8-3c4a-4248-af93-c0f4c3438321','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000009','{"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}','2026-11-21 11:43:56.216473');
INSERT INTO "proofs" VALUES('4879f812-84c3-4ee2-b168-2c5026a0690f','e35d643d-e0f1-4e2c-a41b-ec042aa1505f','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000010','{"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}','2026-11-21 11:43:56.393018');
INSERT INTO "proofs" VALUES('5d19b1e1-6d71-45bc-8798-9b734ce99efb','b801486e-da1e-47e7-9275-0934f2379eb9','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000011','{"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}','2026-11-21 11:43:56.550185');
INSERT INTO "proofs" VALUES('98c42bdd-015f-4c95-88bd-b17835bb589f','dc19e8fe-d5e0-47de-83f5-028764ae10f5','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000012','{"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}','2026-11-21 11:43:56.730887');
INSERT INTO "proofs" VALUES('360bf9ee-26e4-4265-bd39-89a0154bcd50','13cd0712-28f9-4ef9-96f2-1849981539d1','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000013','{"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}','{"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}','2026-11-21 11:43:56.869442');
INSERT INTO "proofs" VALUES('f73fd73f-65be-4c33-b250-b01e1989eec6','990f41c8-3c4a-4248-af93-c0f4c3438321','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000009','{"machine": "aaaaaaaa-0000-4000-8000-000000000009", "name": "node-9", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:09:01", "52:54:00:00:09:02", "52:54:00:00:09:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "b378c591850f89c9b9061ec774fa39584b605f7d76bc4e8eb8f5a9e3bd6beac2"}',NULL,'2026-11-21 11:43:57.064308');
INSERT INTO "proofs" VALUES('d93e241c-44eb-4b02-b049-07b43f4e84d5','e35d643d-e0f1-4e2c-a41b-ec042aa1505f','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000010','{"machine": "aaaaaaaa-0000-4000-8000-000000000010", "name": "node-10", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0a:01", "52:54:00:00:0a:02", "52:54:00:00:0a:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "a8aed8841f6e1096c0c11fb94d2f9bc8cc2c97edb9add4cae5dea5522166ba76"}',NULL,'2026-11-21 11:43:57.071789');
INSERT INTO "proofs" VALUES('465f120b-2c4f-4005-8a11-bb972f808fad','b801486e-da1e-47e7-9275-0934f2379eb9','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000011','{"machine": "aaaaaaaa-0000-4000-8000-000000000011", "name": "node-11", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0b:01", "52:54:00:00:0b:02", "52:54:00:00:0b:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ca6f71fa0d4e67e2ecbdba3072d947993a75dd395820808075e7a66e192a5f2b"}',NULL,'2026-11-21 11:43:57.196477');
INSERT INTO "proofs" VALUES('3b873b70-3b1b-4587-bf27-ba7105adc85f','dc19e8fe-d5e0-47de-83f5-028764ae10f5','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000012','{"machine": "aaaaaaaa-0000-4000-8000-000000000012", "name": "node-12", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0c:01", "52:54:00:00:0c:02", "52:54:00:00:0c:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "0312be57d36c6fc5552b2bf0da066de56f444b3a4cfee043230847a9d51c4d98"}',NULL,'2026-11-21 11:43:57.234619');
INSERT INTO "proofs" VALUES('7cede456-bc85-406c-926a-af7aa6f221c7','13cd0712-28f9-4ef9-96f2-1849981539d1','unmanage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000013','{"machine": "aaaaaaaa-0000-4000-8000-000000000013", "name": "node-13", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0d:01", "52:54:00:00:0d:02", "52:54:00:00:0d:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79649a2f16afa681845a816d0a1074ca635dc0e0d0ddb2f2819af9fef1266ccb"}',NULL,'2026-11-21 11:43:57.250882');
INSERT INTO "proofs" VALUES('9e465f77-28bf-4b67-b456-82ba9a28eb3a','eec49fbc-7de8-4e7a-a641-b187a81f0623','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000001','{"machine": "aaaaaaaa-0000-4000-8000-000000000001", "name": "node-1", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:01:01", "52:54:00:00:01:02", "52:54:00:00:01:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3f2c33e95bfd3b78134501d0f2186d307c91a0fbda13775e0df855742a6a22b4"}',NULL,'2026-11-21 11:43:57.346728');
INSERT INTO "proofs" VALUES('4dfd4fa3-591c-426c-bb41-85ce315c6a8e','5dbc9044-4ce5-4976-b3d7-d60617b30683','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000002','{"machine": "aaaaaaaa-0000-4000-8000-000000000002", "name": "node-2", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:02:01", "52:54:00:00:02:02", "52:54:00:00:02:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "4821ddc714501a3442cd0a14656e302b6c93b508824e8cfee99f8182d7b6dbfb"}',NULL,'2026-11-21 11:43:57.414255');
INSERT INTO "proofs" VALUES('4897f03a-b642-41cd-a977-613847562dca','66b31fd5-2423-4ae1-b440-6794881fb20a','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000003','{"machine": "aaaaaaaa-0000-4000-8000-000000000003", "name": "node-3", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:03:01", "52:54:00:00:03:02", "52:54:00:00:03:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "79416bbe27067e0bb4b832548fa168199d821f2980fad832a08c576a7dfcd683"}',NULL,'2026-11-21 11:43:57.475166');
INSERT INTO "proofs" VALUES('f9c50398-18de-4370-9c7b-2926068d0928','b1a59c91-e29c-4e02-bed1-ec89caa591f2','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000004','{"machine": "aaaaaaaa-0000-4000-8000-000000000004", "name": "node-4", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:04:01", "52:54:00:00:04:02", "52:54:00:00:04:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "63bb65e3c3b470775de46d434544ce9ba422c16b44414a0fa6449b65db275d86"}',NULL,'2026-11-21 11:43:57.532403');
INSERT INTO "proofs" VALUES('12fbb041-a6c6-469c-baf5-a7fa04079bea','6b53660a-e6d6-42f7-8c47-e604790679fd','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000005','{"machine": "aaaaaaaa-0000-4000-8000-000000000005", "name": "node-5", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:05:01", "52:54:00:00:05:02", "52:54:00:00:05:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "e7ffe6163b82bc45677d6b21c3262be2ff872647ce33099236f0b327a7ee6669"}',NULL,'2026-11-21 11:43:57.578118');
INSERT INTO "proofs" VALUES('315b8c88-008b-4b69-b49e-b78b6e93d69f','c2ada58c-f332-43b5-9ec2-231b8dfcfb5e','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000006','{"machine": "aaaaaaaa-0000-4000-8000-000000000006", "name": "node-6", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:06:01", "52:54:00:00:06:02", "52:54:00:00:06:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3dd948bb78c94fed21ebd3b2d216a65d8902c021647d5ba8fa50f8500346f1ef"}',NULL,'2026-11-21 11:43:57.751225');
INSERT INTO "proofs" VALUES('8fd83f3d-1687-4bb6-843b-99e48fb38d1f','d2a8f15e-1d13-4a0d-90ba-1891ff437b84','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000007','{"machine": "aaaaaaaa-0000-4000-8000-000000000007", "name": "node-7", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:07:01", "52:54:00:00:07:02", "52:54:00:00:07:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "9241711bff4b5dfa2feefae3d5a702e732ce7609b9f0eabe54d76d4a4056ba29"}',NULL,'2026-11-21 11:43:57.819607');
INSERT INTO "proofs" VALUES('cdbd7b74-8df5-4505-84b9-04b1e8f99968','46f52a66-3637-466f-88d4-0a6a41d50827','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000008','{"machine": "aaaaaaaa-0000-4000-8000-000000000008", "name": "node-8", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:08:01", "52:54:00:00:08:02", "52:54:00:00:08:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ea3d80a0aa9923ba00cbe52ac6cf83a5f72a35aec48c783255f26634258a7cae"}',NULL,'2026-11-21 11:43:57.868827');
INSERT INTO "proofs" VALUES('60ff3c1b-e40f-41ac-857d-8a77a79df16d','3d5d6335-b880-476f-b26b-9e4698d1c46e','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000014','{"machine": "aaaaaaaa-0000-4000-8000-000000000014", "name": "node-14", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0e:01", "52:54:00:00:0e:02", "52:54:00:00:0e:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "3966148724224081629fecc339de77a4665bea4ac6dc14917e65d2bed61b8393"}',NULL,'2026-11-21 11:43:57.928999');
INSERT INTO "proofs" VALUES('341e070b-c8ee-41b9-97fc-75fac5875682','1cac470e-92fc-4c14-89de-b44f3e209b4a','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000015','{"machine": "aaaaaaaa-0000-4000-8000-000000000015", "name": "node-15", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:0f:01", "52:54:00:00:0f:02", "52:54:00:00:0f:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "ccc23f0cccae1a1559b4a6db7008eb4e1a3afaf8007614354e2ff0bd644cfc68"}',NULL,'2026-11-21 11:43:57.985938');
INSERT INTO "proofs" VALUES('d6ea495d-240c-40cc-bb73-22a3963b321b','119ccb00-b7ce-4bdc-a4ea-29540516e2d7','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000016','{"machine": "aaaaaaaa-0000-4000-8000-000000000016", "name": "node-16", "driver": "fake-hardware", "provision_state": "active", "power": "power on", "observed_power": null, "target_power": null, "macs": ["52:54:00:00:10:01", "52:54:00:00:10:02", "52:54:00:00:10:03"], "disks": [], "resource_class": "gold", "maintenance": false, "boot": [], "digest": "431e45d1067d8e42f030c7968e674ee1eac6c34868e5f1410cee06033533771b"}',NULL,'2026-11-21 11:43:58.079008');
INSERT INTO "proofs" VALUES('39cc7eb4-45b3-4468-829d-20b58c9b0582','202a68f4-e181-465f-b146-05b66010bffb','manage','operator','bank','lab','aaaaaaaa-0000-4000-8000-000000000017',NULL,NULL,'2026-11-21 11:43:58.161519');
CREATE TABLE server_macs (
	mac VARCHAR(64) NOT NULL, 
	server VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_server_macs PRIMARY KEY (mac), 
	CONSTRAINT fk_server_macs_server_servers FOREIGN KEY(server) REFERENCES servers (uuid) ON DELETE CASCADE
);
INSERT INTO "server_macs" VALUES('52:54:00:00:09:01','990f41c8-3c4a-4248-af93-c0f4c3438321');
INSERT INTO "server_macs" VALUES('52:54:00:00:09:02','990f41c8-3c4a-4248-af93-c0f4c3438321');
INSERT INTO "server_macs" VALUES('52:54:00:00:09:03','990f41c8-3c4a-4248-af93-c0f4c3438321');
INSERT INTO "server_macs" VALUES('52:54:00:00:0a:01','e35d643d-e0f1-4e2c-a41b-ec042aa1505f');
INSERT INTO "server_macs" VALUES('52:54:00:00:0a:02','e35d643d-e0f1-4e2c-a41b-ec042aa1505f');
INSERT INTO "server_macs" VALUES('52:54:00:00:0a:03','e35d643d-e0f1-4e2c-a41b-ec042aa1505f');
INSERT INTO "server_macs" VALUES('52:54:00:00:0b:01','b801486e-da1e-47e7-9275-0934f2379eb9');
INSERT INTO "server_macs" VALUES('52:54:00:00:0b:02','b801486e-da1e-47e7-9275-0934f2379eb9');
INSERT INTO "server_macs" VALUES('52:54:00:00:0b:03','b801486e-da1e-47e7-9275-0934f2379eb9');
INSERT INTO "server_macs" VALUES('52:54:00:00:0c:01','dc19e8fe-d5e0-47de-83f5-028764ae10f5');
INSERT INTO "server_macs" VALUES('52:54:00:00:0c:02','dc19e8fe-d5e0-47de-83f5-028764ae10f5');
INSERT INTO "server_macs" VALUES('52:54:00:00:0c:03','dc19e8fe-d5e0-47de-83f5-028764ae10f5');
INSERT INTO "server_macs" VALUES('52:54:00:00:0d:01','13cd0712-28f9-4ef9-96f2-1849981539d1');
INSERT INTO "server_macs" VALUES('52:54:00:00:0d:02','13cd0712-28f9-4ef9-96f2-1849981539d1');
INSERT INTO "server_macs" VALUES('52:54:00:00:0d:03','13cd0712-28f9-4ef9-96f2-1849981539d1');
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
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000009000001','990f41c8-3c4a-4248-af93-c0f4c3438321',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:09:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000009000002','990f41c8-3c4a-4248-af93-c0f4c3438321',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:09:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('f98bc17f-ecf4-464c-a4b9-2ea365251e0c','990f41c8-3c4a-4248-af93-c0f4c3438321',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:09:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000010000001','e35d643d-e0f1-4e2c-a41b-ec042aa1505f',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0a:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000010000002','e35d643d-e0f1-4e2c-a41b-ec042aa1505f',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0a:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('6675fb28-055f-417e-8fc9-44225cc32bda','e35d643d-e0f1-4e2c-a41b-ec042aa1505f',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0a:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000011000001','b801486e-da1e-47e7-9275-0934f2379eb9',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0b:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000011000002','b801486e-da1e-47e7-9275-0934f2379eb9',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0b:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('c0d9598b-ce4b-4369-92e1-5a1895d80547','b801486e-da1e-47e7-9275-0934f2379eb9',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0b:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000012000001','dc19e8fe-d5e0-47de-83f5-028764ae10f5',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0c:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000012000002','dc19e8fe-d5e0-47de-83f5-028764ae10f5',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0c:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('c7f3b0a8-08cd-498d-8685-a8075d1f4552','dc19e8fe-d5e0-47de-83f5-028764ae10f5',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0c:03','[]',NULL,1,1);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000013000001','13cd0712-28f9-4ef9-96f2-1849981539d1',0,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0d:01','[]',NULL,0,0);
INSERT INTO "server_nics" VALUES('bbbbbbbb-0000-4000-8000-000013000002','13cd0712-28f9-4ef9-96f2-1849981539d1',1,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0d:02','[]',NULL,0,1);
INSERT INTO "server_nics" VALUES('1331687c-30eb-4849-81d1-1d8c541725c2','13cd0712-28f9-4ef9-96f2-1849981539d1',2,'cccccccc-0000-4000-8000-000000000001','52:54:00:00:0d:03','[]',NULL,1,1);
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
INSERT INTO "servers" VALUES('990f41c8-3c4a-4248-af93-c0f4c3438321','server-9','lab','aaaaaaaa-0000-4000-8000-000000000009','node-9','bank','operator',NULL,'unmanaging','power on','e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000009000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000009"}, "bbbbbbbb-0000-4000-8000-000009000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:09:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000009000001"]}',NULL,'2026-11-21 11:43:56.366071','2026-11-21 11:43:56.215347','2026-11-21 11:43:57.063213',3);
INSERT INTO "servers" VALUES('e35d643d-e0f1-4e2c-a41b-ec042aa1505f','server-10','lab','aaaaaaaa-0000-4000-8000-000000000010','node-10','bank','operator',NULL,'unmanaging','power on','e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000010000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000010"}, "bbbbbbbb-0000-4000-8000-000010000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0a:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000010000001"]}',NULL,'2026-11-21 11:43:56.526816','2026-11-21 11:43:56.392593','2026-11-21 11:43:57.070817',3);
INSERT INTO "servers" VALUES('b801486e-da1e-47e7-9275-0934f2379eb9','server-11','lab','aaaaaaaa-0000-4000-8000-000000000011','node-11','bank','operator',NULL,'unmanaging','power on','e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000011000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000011"}, "bbbbbbbb-0000-4000-8000-000011000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0b:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000011000001"]}',NULL,'2026-11-21 11:43:56.706078','2026-11-21 11:43:56.549752','2026-11-21 11:43:57.195287',3);
INSERT INTO "servers" VALUES('dc19e8fe-d5e0-47de-83f5-028764ae10f5','server-12','lab','aaaaaaaa-0000-4000-8000-000000000012','node-12','bank','operator',NULL,'unmanaging','power on','e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000012000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000012"}, "bbbbbbbb-0000-4000-8000-000012000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0c:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000012000001"]}',NULL,'2026-11-21 11:43:56.841752','2026-11-21 11:43:56.730113','2026-11-21 11:43:57.231559',3);
INSERT INTO "servers" VALUES('13cd0712-28f9-4ef9-96f2-1849981539d1','server-13','lab','aaaaaaaa-0000-4000-8000-000000000013','node-13','bank','operator',NULL,'unmanaging','power on','e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[{"code": "no-image", "message": "It has no image on record.", "fix": "Nothing has to be done: the server is recorded without an image.", "severity": "warning"}]','{"machine": {"instance_uuid": null, "allocation_uuid": null, "protected": false, "protected_reason": null, "maintenance": false, "maintenance_reason": null, "instance_info_traits": null}, "ports": {"bbbbbbbb-0000-4000-8000-000013000001": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:01", "binding:host_id": "aaaaaaaa-0000-4000-8000-000000000013"}, "bbbbbbbb-0000-4000-8000-000013000002": {"device_id": "", "device_owner": "", "mac_address": "52:54:00:00:0d:02", "binding:host_id": ""}}, "vifs": ["bbbbbbbb-0000-4000-8000-000013000001"]}',NULL,'2026-11-21 11:43:57.029432','2026-11-21 11:43:56.868614','2026-11-21 11:43:57.249908',3);
INSERT INTO "servers" VALUES('eec49fbc-7de8-4e7a-a641-b187a81f0623','server-1','lab','aaaaaaaa-0000-4000-8000-000000000001','node-1','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.346215',NULL,1);
INSERT INTO "servers" VALUES('5dbc9044-4ce5-4976-b3d7-d60617b30683','server-2','lab','aaaaaaaa-0000-4000-8000-000000000002','node-2','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.413811',NULL,1);
INSERT INTO "servers" VALUES('66b31fd5-2423-4ae1-b440-6794881fb20a','server-3','lab','aaaaaaaa-0000-4000-8000-000000000003','node-3','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.474628',NULL,1);
INSERT INTO "servers" VALUES('b1a59c91-e29c-4e02-bed1-ec89caa591f2','server-4','lab','aaaaaaaa-0000-4000-8000-000000000004','node-4','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.531851',NULL,1);
INSERT INTO "servers" VALUES('6b53660a-e6d6-42f7-8c47-e604790679fd','server-5','lab','aaaaaaaa-0000-4000-8000-000000000005','node-5','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.577594',NULL,1);
INSERT INTO "servers" VALUES('c2ada58c-f332-43b5-9ec2-231b8dfcfb5e','server-6','lab','aaaaaaaa-0000-4000-8000-000000000006','node-6','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.750758',NULL,1);
INSERT INTO "servers" VALUES('d2a8f15e-1d13-4a0d-90ba-1891ff437b84','server-7','lab','aaaaaaaa-0000-4000-8000-000000000007','node-7','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.818957',NULL,1);
INSERT INTO "servers" VALUES('46f52a66-3637-466f-88d4-0a6a41d50827','server-8','lab','aaaaaaaa-0000-4000-8000-000000000008','node-8','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.868308',NULL,1);
INSERT INTO "servers" VALUES('3d5d6335-b880-476f-b26b-9e4698d1c46e','server-14','lab','aaaaaaaa-0000-4000-8000-000000000014','node-14','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.928403',NULL,1);
INSERT INTO "servers" VALUES('1cac470e-92fc-4c14-89de-b44f3e209b4a','server-15','lab','aaaaaaaa-0000-4000-8000-000000000015','node-15','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:57.985496',NULL,1);
INSERT INTO "servers" VALUES('119ccb00-b7ce-4bdc-a4ea-29540516e2d7','server-16','lab','aaaaaaaa-0000-4000-8000-000000000016','node-16','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:58.078535',NULL,1);
INSERT INTO "servers" VALUES('202a68f4-e181-465f-b146-05b66010bffb','server-17','lab','aaaaaaaa-0000-4000-8000-000000000017','node-17','bank','operator',NULL,'managing',NULL,'e9dd54cc-5c6d-4cb2-b4d7-409583c997d5',NULL,NULL,'{}',0,1,'[]','{}',NULL,NULL,'2026-11-21 11:43:58.161013',NULL,1);
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
COMMIT;
