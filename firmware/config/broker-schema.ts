/** The `mqtt` section of the configuration: where the broker is, and how each proves itself to the other. */
import { z } from "zod";
import { path } from "./schema-words.ts";

export const Mqtt = z
  .strictObject({
    url: z
      .string()
      .max(200)
      .regex(/^mqtts?:\/\/[^\s/]+$/)
      .meta({ description: "Broker: mqtt://host:port, or mqtts://host:port with TLS; no password in it." }),
    username: z.string().min(1).max(200).optional().meta({ description: "User name at the broker." }),
    passwordFile: path("File that holds the password and nothing else; never the password itself.").optional(),
    caFile: path(
      "Certificates (PEM) of the authorities that may vouch for the broker. Left out: those that Node.js brings along.",
    ).optional(),
    certFile: path(
      "The station's certificate (PEM, its chain behind it); its common name is the station's id.",
    ).optional(),
    keyFile: path("The station's own private key (PEM, no passphrase), readable for nobody else.").optional(),
    serverName: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]{0,198}[a-z0-9])?$/)
      .max(200)
      .optional()
      .meta({ description: "Name that the broker's certificate must bear; the host of the address otherwise." }),
  })
  .meta({ description: "The broker. Left out: the station works without one." });
