BEGIN TRANSACTION;
CREATE TABLE events(
    seq INTEGER PRIMARY KEY, job TEXT NOT NULL, kind TEXT NOT NULL, wall REAL NOT NULL, data NOT NULL,
    digest INTEGER NOT NULL
);
INSERT INTO "events" VALUES(1,'held','Asked',1767225600.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',7699648704052900565);
INSERT INTO "events" VALUES(2,'again','Asked',1767225601.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',1600933598892785282);
INSERT INTO "events" VALUES(3,'again','Sending',1767225602.0,'{"account":"f1"}',8341336857114197554);
INSERT INTO "events" VALUES(4,'again','Bounced',1767225603.0,'{"failure":{"kind":"PromptRejected","what":"No.","word":"gore"}}',1069595157391549908);
INSERT INTO "events" VALUES(5,'again','Sending',1767225604.0,'{"account":"f2"}',7836038839998997297);
INSERT INTO "events" VALUES(6,'running','Asked',1767225605.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"],"key":"mine"}}',6242419197543689762);
INSERT INTO "events" VALUES(7,'running','Sending',1767225606.0,'{"account":"f1","token":"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"}',6065596924255856728);
INSERT INTO "events" VALUES(8,'running','Accepted',1767225607.0,'{"remote_id":"r1"}',9180971624655832223);
INSERT INTO "events" VALUES(9,'running','Detached',1767225608.0,'{"failure":{"kind":"SubmitOutcomeUnknown","what":"Nobody knows.","charged":"unknown"}}',3404481359112343515);
INSERT INTO "events" VALUES(10,'running','Resumed',1767225609.0,'{}',9120778030573715190);
INSERT INTO "events" VALUES(11,'window','Asked',1767225610.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',581376885146339546);
INSERT INTO "events" VALUES(12,'window','Sending',1767225611.0,'{"account":"f1","token":"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"}',1103536561362653955);
INSERT INTO "events" VALUES(13,'window','Accepted',1767225612.0,'{"remote_id":"r2"}',3610062542145802201);
INSERT INTO "events" VALUES(14,'window','Filling',1767225613.0,'{}',7039281483342979426);
INSERT INTO "events" VALUES(15,'window','Unfilled',1767225614.0,'{"failure":{"kind":"PromptRejected","what":"No.","word":"gore"}}',6301684496855011118);
INSERT INTO "events" VALUES(16,'window','Filling',1767225615.0,'{}',71766574054207570);
INSERT INTO "events" VALUES(17,'window','Filled',1767225616.0,'{"remote_id":"r3"}',4222303457847774172);
INSERT INTO "events" VALUES(18,'unheard','Asked',1767225617.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',6633916037617474950);
INSERT INTO "events" VALUES(19,'unheard','Sending',1767225618.0,'{"account":"f1","token":"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"}',6854054087503532835);
INSERT INTO "events" VALUES(20,'unheard','Accepted',1767225619.0,'{"remote_id":"r4"}',7573066962046803350);
INSERT INTO "events" VALUES(21,'unheard','Filling',1767225620.0,'{}',8245981061182158970);
INSERT INTO "events" VALUES(22,'unheard','Unanswered',1767225621.0,'{"failure":{"kind":"SubmitOutcomeUnknown","what":"Nobody knows.","charged":"unknown"}}',1655575342253781385);
INSERT INTO "events" VALUES(23,'lost','Asked',1767225622.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',3032875527692544624);
INSERT INTO "events" VALUES(24,'lost','Sending',1767225623.0,'{"account":"f1"}',1486675015739284709);
INSERT INTO "events" VALUES(25,'lost','Silence',1767225624.0,'{"failure":{"kind":"SubmitOutcomeUnknown","what":"Nobody knows.","charged":"unknown"},"held_until":276.0}',704665719915578023);
INSERT INTO "events" VALUES(26,'given-up','Asked',1767225625.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',8884272002095300083);
INSERT INTO "events" VALUES(27,'given-up','Sending',1767225626.0,'{"account":"f1"}',1402041400842299822);
INSERT INTO "events" VALUES(28,'given-up','Silence',1767225627.0,'{"failure":{"kind":"SubmitOutcomeUnknown","what":"Nobody knows.","charged":"unknown"},"held_until":373.0,"hope":true}',1563957131939582859);
INSERT INTO "events" VALUES(29,'given-up','Expired',1767225628.0,'{"by":"person"}',4081170375414508383);
INSERT INTO "events" VALUES(30,'found','Asked',1767225629.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',5420943196882588693);
INSERT INTO "events" VALUES(31,'found','Sending',1767225630.0,'{"account":"f1"}',572220964077697973);
INSERT INTO "events" VALUES(32,'found','Silence',1767225631.0,'{"failure":{"kind":"SubmitOutcomeUnknown","what":"Nobody knows.","charged":"unknown"},"held_until":269.0}',743562644601402306);
INSERT INTO "events" VALUES(33,'found','Accepted',1767225632.0,'{"remote_id":"r5","by":"hook"}',4229251750386024725);
INSERT INTO "events" VALUES(34,'done','Asked',1767225633.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"]}}',5707265343643684371);
INSERT INTO "events" VALUES(35,'done','Sending',1767225634.0,'{"account":"f1","token":"tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt"}',4604785159983679443);
INSERT INTO "events" VALUES(36,'done','Accepted',1767225635.0,'{"remote_id":"r6"}',584662280158165751);
INSERT INTO "events" VALUES(37,'done','Saw',1767225636.0,'{"snapshot":{"status":"done","images":["https://c.example/grid.png"],"actions":[{"name":"upscale1","token":"upsample1","label":"U1"}],"quota":3.0,"raw":{"status":"SUCCESS","data":{"components":["upsample1","upsample1","upsample1","upsample1","upsample1","upsample1","upsample1","upsample1"],"quota":3}}}}',3814263170091085969);
INSERT INTO "events" VALUES(38,'refused','Asked',1767225637.0,'{"spec":{"operation":{"prompt":"a cat","is":"Imagine"},"accounts":["f1"],"key":"free again"}}',67795989961452409);
INSERT INTO "events" VALUES(39,'refused','Rejected',1767225638.0,'{"failure":{"kind":"PromptRejected","what":"No.","word":"gore"}}',3304603519545510784);
INSERT INTO "events" VALUES(40,'step','Asked',1767225639.0,'{"spec":{"operation":{"action":"upscale1","is":"Press"},"accounts":["f1"],"parent":"done"}}',8790549732664510126);
INSERT INTO "events" VALUES(41,'op0','Asked',1767225640.0,'{"spec":{"operation":{"images":[{"url":"https://p.example/a.png"},{"url":"https://p.example/a.png"}],"is":"Blend"},"accounts":["f1"]}}',5655560467279749244);
INSERT INTO "events" VALUES(42,'op1','Asked',1767225641.0,'{"spec":{"operation":{"image":{"url":"https://p.example/a.png"},"is":"Describe"},"accounts":["f1"]}}',164136209957014362);
INSERT INTO "events" VALUES(43,'op2','Asked',1767225642.0,'{"spec":{"operation":{"prompt":"x","is":"Shorten"},"accounts":["f1"]}}',7008173123269269726);
INSERT INTO "events" VALUES(44,'op3','Asked',1767225643.0,'{"spec":{"operation":{"source":{"url":"https://p.example/a.png"},"target":{"path":"/a.png","kind":"png","size":[3,4]},"is":"SwapFace"},"accounts":["f1"]}}',895782647665670969);
INSERT INTO "events" VALUES(45,'op4','Asked',1767225644.0,'{"spec":{"operation":{"images":[{"url":"https://p.example/a.png"}],"is":"Upload"},"accounts":["f1"]}}',5503349753201372208);
INSERT INTO "events" VALUES(46,'op5','Asked',1767225645.0,'{"spec":{"operation":{"number":2,"is":"Pick"},"accounts":["f1"]}}',4478079678755964550);
INSERT INTO "events" VALUES(47,'op6','Asked',1767225646.0,'{"spec":{"operation":{"is":"GetSeed"},"accounts":["f1"]}}',5293030819521157826);
INSERT INTO "events" VALUES(48,'op7','Asked',1767225647.0,'{"spec":{"operation":{"action":"zoom","prompt":"wider","mask":{"url":"https://p.example/a.png"},"factor":1.5,"is":"Press"},"accounts":["f1"]}}',9039024966027133465);
INSERT INTO "events" VALUES(49,'full','Asked',1767225648.0,'{"spec":{"operation":{"prompt":"\u00e4 \ud83d","is":"Imagine"},"mode":"turbo","extras":{"timeout":300,"hook_url":"https://h.example","account_filter":{"modes":["FAST"],"remark":null}},"accounts":["f1"],"priority":-1,"deadline":60.5,"resubmit_of":"lost"}}',2052332049857072146);
INSERT INTO "events" VALUES(50,'pictured','Asked',1767225649.0,'{"spec":{"operation":{"prompt":"like this","images":[{"kind":"png","digest":"8650fa3ad33b680c77fdf3067057857d38ade7f3ce31806131530d3a4d027052@8650fa3ad33b680c77fdf3067057857d38ade7f3ce31806131530d3a4d027052"}],"is":"Imagine"},"key":"p"}}',628493306461308450);
CREATE TABLE jobs(
    id TEXT PRIMARY KEY, parent TEXT, account TEXT, mode TEXT NOT NULL, kind TEXT NOT NULL, phase TEXT NOT NULL,
    prompt TEXT NOT NULL, user_key TEXT, remote_id TEXT, window_id TEXT, token TEXT NOT NULL,
    asked REAL NOT NULL, sent REAL, accepted REAL, ended REAL, quota REAL,
    told_early INTEGER NOT NULL, expired INTEGER NOT NULL, resubmit_of TEXT,
    digest INTEGER NOT NULL, twin INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "jobs" VALUES('again',NULL,'f2','fast','imagine','sending','a cat',NULL,NULL,NULL,'',1767225601.0,1767225604.0,NULL,NULL,NULL,0,0,NULL,7287461703731960164,0);
INSERT INTO "jobs" VALUES('done',NULL,'f1','fast','imagine','done','a cat',NULL,'r6',NULL,'tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt',1767225633.0,1767225634.0,1767225635.0,1767225636.0,3.0,0,0,NULL,1191915728282639288,0);
INSERT INTO "jobs" VALUES('found',NULL,'f1','fast','imagine','queued','a cat',NULL,'r5',NULL,'',1767225629.0,1767225630.0,1767225632.0,NULL,NULL,1,0,NULL,5151008192902774150,0);
INSERT INTO "jobs" VALUES('full',NULL,NULL,'turbo','imagine','held','ä \ud83d',NULL,NULL,NULL,'',1767225648.0,NULL,NULL,NULL,NULL,0,0,'lost',985720806495854044,0);
INSERT INTO "jobs" VALUES('given-up',NULL,'f1','fast','imagine','lost','a cat',NULL,NULL,NULL,'',1767225625.0,1767225626.0,NULL,NULL,NULL,1,1,NULL,1972943405117906194,0);
INSERT INTO "jobs" VALUES('held',NULL,NULL,'fast','imagine','held','a cat',NULL,NULL,NULL,'',1767225600.0,NULL,NULL,NULL,NULL,0,0,NULL,4985736416758383441,0);
INSERT INTO "jobs" VALUES('lost',NULL,'f1','fast','imagine','lost','a cat',NULL,NULL,NULL,'',1767225622.0,1767225623.0,NULL,NULL,NULL,1,0,NULL,7054282774350677445,0);
INSERT INTO "jobs" VALUES('op0',NULL,NULL,'fast','blend','held','',NULL,NULL,NULL,'',1767225640.0,NULL,NULL,NULL,NULL,0,0,NULL,6050671787888109464,0);
INSERT INTO "jobs" VALUES('op1',NULL,NULL,'fast','describe','held','',NULL,NULL,NULL,'',1767225641.0,NULL,NULL,NULL,NULL,0,0,NULL,6575683664353333154,0);
INSERT INTO "jobs" VALUES('op2',NULL,NULL,'fast','shorten','held','x',NULL,NULL,NULL,'',1767225642.0,NULL,NULL,NULL,NULL,0,0,NULL,7968029151108086525,0);
INSERT INTO "jobs" VALUES('op3',NULL,NULL,'fast','swap_face','held','',NULL,NULL,NULL,'',1767225643.0,NULL,NULL,NULL,NULL,0,0,NULL,723066903100972149,0);
INSERT INTO "jobs" VALUES('op4',NULL,NULL,'fast','upload','held','',NULL,NULL,NULL,'',1767225644.0,NULL,NULL,NULL,NULL,0,0,NULL,668290637072573370,0);
INSERT INTO "jobs" VALUES('op5',NULL,NULL,'fast','imagine','held','',NULL,NULL,NULL,'',1767225645.0,NULL,NULL,NULL,NULL,0,0,NULL,1434015621671126963,0);
INSERT INTO "jobs" VALUES('op6',NULL,NULL,'fast','seed','held','',NULL,NULL,NULL,'',1767225646.0,NULL,NULL,NULL,NULL,0,0,NULL,900510151569046811,0);
INSERT INTO "jobs" VALUES('op7',NULL,NULL,'fast','zoom','held','wider',NULL,NULL,NULL,'',1767225647.0,NULL,NULL,NULL,NULL,0,0,NULL,8828687993245505403,0);
INSERT INTO "jobs" VALUES('pictured',NULL,NULL,'fast','imagine','held','like this','p',NULL,NULL,'',1767225649.0,NULL,NULL,NULL,NULL,0,0,NULL,18455892934070898,0);
INSERT INTO "jobs" VALUES('refused',NULL,NULL,'fast','imagine','failed','a cat',NULL,NULL,NULL,'',1767225637.0,NULL,NULL,1767225638.0,NULL,0,0,NULL,74484153561058984,0);
INSERT INTO "jobs" VALUES('running',NULL,'f1','fast','imagine','queued','a cat','mine','r1',NULL,'tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt',1767225605.0,1767225606.0,1767225607.0,NULL,NULL,1,0,NULL,1895289389658990423,0);
INSERT INTO "jobs" VALUES('step','done',NULL,'fast','upscale','held','',NULL,NULL,NULL,'',1767225639.0,NULL,NULL,NULL,NULL,0,0,NULL,3510314378538122937,0);
INSERT INTO "jobs" VALUES('unheard',NULL,'f1','fast','imagine','queued','a cat',NULL,'r4',NULL,'tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt',1767225617.0,1767225618.0,1767225619.0,NULL,NULL,0,0,NULL,6106181600100038934,0);
INSERT INTO "jobs" VALUES('window',NULL,'f1','fast','imagine','queued','a cat',NULL,'r3','r2','tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt',1767225610.0,1767225611.0,1767225616.0,NULL,NULL,0,0,NULL,372317012297547461,0);
CREATE TABLE ledger(
    account TEXT NOT NULL, day TEXT NOT NULL, spent REAL NOT NULL, done INTEGER NOT NULL, unpriced INTEGER NOT NULL,
    strikes INTEGER NOT NULL, resubmits INTEGER NOT NULL, digest INTEGER NOT NULL, PRIMARY KEY(account, day)
) WITHOUT ROWID;
INSERT INTO "ledger" VALUES('f1','2026-01-01',3.0,1,0,0,0,3706686553122489298);
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('schema','1');
CREATE TABLE prices(
    account TEXT NOT NULL, mode TEXT NOT NULL, kind TEXT NOT NULL, price REAL NOT NULL, digest INTEGER NOT NULL,
    PRIMARY KEY(account, mode, kind)
) WITHOUT ROWID;
INSERT INTO "prices" VALUES('f1','fast','imagine',3.0,284506719350683775);
CREATE TABLE seals(name TEXT PRIMARY KEY, "count" INTEGER NOT NULL, total INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "seals" VALUES('events',50,2030372884921157917);
INSERT INTO "seals" VALUES('jobs',21,9191463106755347546);
INSERT INTO "seals" VALUES('ledger',1,3706686553122489298);
INSERT INTO "seals" VALUES('prices',1,284506719350683775);
CREATE TABLE slots(job TEXT PRIMARY KEY REFERENCES jobs(id), account TEXT NOT NULL, since REAL, "until" REAL)
    WITHOUT ROWID;
INSERT INTO "slots" VALUES('again','f2',1767225604.0,NULL);
INSERT INTO "slots" VALUES('found','f1',1767225630.0,NULL);
INSERT INTO "slots" VALUES('lost','f1',1767225623.0,1767225900.0);
INSERT INTO "slots" VALUES('running','f1',1767225606.0,NULL);
INSERT INTO "slots" VALUES('unheard','f1',1767225618.0,NULL);
INSERT INTO "slots" VALUES('window','f1',1767225611.0,NULL);
CREATE INDEX events_job ON events(job);
CREATE UNIQUE INDEX jobs_key ON jobs(user_key) WHERE user_key IS NOT NULL;
CREATE UNIQUE INDEX jobs_ticket ON jobs(account, remote_id)
    WHERE parent IS NULL AND remote_id IS NOT NULL AND twin = 0;
CREATE INDEX jobs_remote ON jobs(remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX jobs_window ON jobs(window_id) WHERE window_id IS NOT NULL;
COMMIT;
