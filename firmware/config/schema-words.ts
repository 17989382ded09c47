/** Small values that stand in many places of the configuration: names, paths, channels, header lines. Nothing here has a meaning yet. */
import { z } from "zod";

export const id = (description: string) =>
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
    .meta({ description: `${description} Lower-case letters, digits and dashes, at most 32.` });
export const path = (description: string) => z.string().min(1).max(200).meta({ description });
export const channel = (max: number, description: string) => z.int().min(1).max(max).meta({ description });
export const gpioLine = z
  .int()
  .min(0)
  .max(63)
  .meta({ description: "Line of the computer's header, by its BCM number (not the pin's position)." });
export const inverted = (description: string) => z.boolean().default(false).meta({ description });
