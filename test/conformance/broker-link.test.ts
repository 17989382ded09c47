import { test } from "vitest";
import { aedesBench, mosquittoBench, simulatedBench } from "../support/broker-benches.ts";
import { hasMosquitto } from "../support/mosquitto.ts";
import { brokerLinkConformance } from "./broker-link.ts";

brokerLinkConformance("the simulated broker", simulatedBench);
brokerLinkConformance("mqtt.js on aedes", aedesBench);
if (hasMosquitto()) brokerLinkConformance("mqtt.js on Mosquitto", mosquittoBench);
else test("mqtt.js on Mosquitto is not tested here: install mosquitto (apt-get install mosquitto)", () => {});
