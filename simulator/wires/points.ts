/** The two ends of a point of the configuration: what a relay switches, what an input senses. Types only. */

/** What one relay switches. */
export type RelaySink = (on: boolean) => void;
/** What one input senses: true = the contact is closed. */
export type InputSource = () => boolean;
