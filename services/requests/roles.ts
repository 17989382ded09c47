/**
 * Who may ask for what: four roles, each allowed everything that the ones before it are. They belong to keys in the
 * configuration, never to a name in a message.
 */
export const askerRoles = ["viewer", "operator", "technician", "supervisor"] as const;
export type AskerRole = (typeof askerRoles)[number];

export const isAtLeast = (role: AskerRole, least: AskerRole): boolean =>
  askerRoles.indexOf(role) >= askerRoles.indexOf(least);

/** Who asked, as the log remembers it. `key` and `role` stand there only when a signature proved them; `by` never proves anything. */
export type Asker = {
  readonly by?: string;
  readonly key?: string;
  readonly role?: AskerRole;
};

/** These three and nothing else of what carries them. */
export function askerOf({ by, key, role }: { readonly [K in keyof Asker]: Asker[K] | undefined }): Asker {
  return {
    ...(by === undefined ? {} : { by }),
    ...(key === undefined ? {} : { key }),
    ...(role === undefined ? {} : { role }),
  };
}
