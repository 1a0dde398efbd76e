{{- /* Where an app stands. */ -}}
{{- define "roost.app.status" -}}
type: object
description: Where the app stands.
required: [phase, epoch, since, cause]
properties:
  phase: { type: string, enum: [Awake, Draining, Asleep, Waking, Failed] }
  epoch: { type: integer, format: int64, minimum: 0, description: How often the phase has changed. }
  since: { type: string, format: date-time, description: Since when it is in this phase. }
  cause:
    type: object
    description: What brought it there.
    required: [kind]
    properties:
      kind: { type: string, enum: [Request, Owner, Schedule, Idle, Release, Platform] }
      detail: { type: string, maxLength: 2048 }
      client: { type: string, maxLength: 64, description: The class of client that asked. }
  rollingOut: { type: boolean, description: Whether a release is being rolled out. }
  settled: { type: boolean, description: Whether nothing is left to be done until somebody asks. }
  saved:
    type: array
    maxItems: 256
    description: What ran before it was put to sleep.
    items:
      type: object
      required: [kind, name, replicas]
      properties:
        kind: { type: string, enum: [Deployment, StatefulSet] }
        name: { type: string, minLength: 1, maxLength: 253 }
        replicas: { type: integer, minimum: 1, maximum: 2147483647 }
  idle: {{- include "roost.app.use" "What was last seen of its use." | nindent 4 }}
  abandoned: {{- include "roost.app.use" "The proof of a drain that came to nothing." | nindent 4 }}
  drain:
    type: object
    required: [routeGoneAt]
    properties:
      routeGoneAt: { type: string, format: date-time, description: Since when no gateway leads to it. }
  refusal:
    type: object
    description: Why it does not sleep.
    required: [reason, message, since]
    properties:
      reason: { type: string, maxLength: 64 }
      message: { type: string, maxLength: 2048 }
      since: { type: string, format: date-time }
  wake:
    type: object
    description: How its waking goes, or went the last time.
    required: [startedAt]
    properties:
      startedAt: { type: string, format: date-time }
      failures: { type: integer, minimum: 0, maximum: 4294967295 }
      nextAttemptAt: { type: string, format: date-time }
      reason: { type: string, maxLength: 64 }
      message: { type: string, maxLength: 2048 }
  wakeMillis:
    type: array
    maxItems: 10
    description: How long it took to wake, the last times.
    items: { type: integer, format: int64, minimum: 0 }
  ran:
    type: object
    description: How long it had run, on the day on which it entered its phase.
    required: [day, millis]
    properties:
      day: { type: string, format: date, description: By UTC. }
      millis: { type: integer, format: int64, minimum: 0 }
{{- end -}}

{{- /* What was seen of an app's use; called with its description. */ -}}
{{- define "roost.app.use" -}}
description: {{ . }}
type: object
required: [evaluatedAt, lastActive]
properties:
  evaluatedAt: { type: string, format: date-time }
  lastActive: { type: string, format: date-time }
  open: { type: boolean, description: Whether a request was open. }
  counters:
    type: object
    description: How many requests had begun at each pod of the gateway.
    maxProperties: 256
    additionalProperties: { type: integer, format: int64, minimum: 0 }
  networkBytes: { type: integer, format: int64, minimum: 0 }
  networkAt: { type: string, format: date-time }
{{- end -}}
