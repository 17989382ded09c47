/**
 * Offers the room's view to MQTT: doors, climate, fridge and each amenity. What is worth sending is decided by the dead-bands of
 * the contract; here nothing is remembered. A station without a room offers nothing.
 */
import { contract, topicFor } from "../../services/contract/topics.ts";
import { amenityView } from "../../services/room/amenity-view.ts";
import { climateView, doorsView, fridgeView, type RoomView } from "../../services/room/view.ts";
import type { Moment } from "../../services/station/moment.ts";
import { roomContextOf } from "../../services/station/room.ts";
import type { StationContext } from "../../services/station/state.ts";
import type { ViewInput } from "../../services/station/view.ts";
import type { MqttSession } from "../mqtt/session.ts";

export interface RoomTelemetry {
  offer(view: ViewInput, moment: Moment | undefined): void;
}

function roomViewOf(view: ViewInput, moment: Moment | undefined, context: StationContext): RoomView | undefined {
  const { state, granted } = view;
  const known = roomContextOf(state, { ...view, ...(moment === undefined ? {} : { moment }) }, context);
  if (state.room === undefined || granted.room === undefined || known === undefined) return undefined;
  return {
    context: known,
    state: state.room,
    durable: state.durable.room,
    granted: granted.room,
    faults: Object.values(state.faults),
  };
}

export function createRoomTelemetry(context: StationContext, session: Pick<MqttSession, "offer">): RoomTelemetry {
  const { stationId: station, room } = context.config;
  const doorTopic = topicFor(contract.door, { station });
  const climateTopic = topicFor(contract.climate, { station });
  const fridgeTopic = topicFor(contract.fridge, { station });
  const amenities = (room?.amenities ?? []).map((config) => ({
    config,
    topic: topicFor(contract.amenity, { station, amenity: config.id }),
  }));
  return {
    offer(view, moment) {
      const seen = roomViewOf(view, moment, context);
      if (seen === undefined) return;
      if (seen.context.config.access.doors.length > 0) session.offer("door", doorTopic, doorsView(seen));
      const climate = climateView(seen);
      if (climate !== undefined) session.offer("climate", climateTopic, climate);
      const fridge = fridgeView(seen);
      if (fridge !== undefined) session.offer("fridge", fridgeTopic, fridge);
      for (const { config, topic } of amenities) {
        const payload = amenityView(seen, config);
        if (payload !== undefined) session.offer("amenity", topic, payload);
      }
    },
  };
}
