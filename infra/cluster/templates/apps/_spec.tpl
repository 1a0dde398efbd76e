{{- /* What an app consists of, as its last release says. */ -}}
{{- define "roost.app.spec" -}}
type: object
description: What the app consists of. Written by the platform with each release.
required: [tenant, project, release]
properties:
  tenant: { type: string, minLength: 1, maxLength: 64, description: Whose it is. }
  project: { type: string, minLength: 1, maxLength: 40, description: The tenant's project. }
  release: { type: integer, minimum: 1, maximum: 4294967295, description: The release that runs. }
  host: { type: string, minLength: 1, maxLength: 253, description: Where it is reached. }
  routes:
    type: array
    maxItems: 256
    description: Which paths lead where.
    items:
      type: object
      required: [path, service, port]
      properties:
        path: { type: string, pattern: "^/", maxLength: 200 }
        service: { type: string, minLength: 1, maxLength: 63 }
        port: { type: integer, minimum: 1, maximum: 65535 }
  workloads:
    type: array
    maxItems: 256
    description: What runs.
    items:
      type: object
      required: [kind, name, replicas]
      properties:
        kind: { type: string, enum: [Deployment, StatefulSet] }
        name: { type: string, minLength: 1, maxLength: 253 }
        replicas: { type: integer, minimum: 0, maximum: 2147483647, description: As its owner's object says. }
        wave: { type: integer, minimum: 0, maximum: 1000, default: 0, description: Those of wave 0 wake first. }
        pod:
          type: object
          description: What each of its pods asks for and may use.
          properties:
            requests: {{- include "roost.app.compute" . | nindent 14 }}
            limits: {{- include "roost.app.compute" . | nindent 14 }}
  idleAfterSeconds:
    type: integer
    minimum: 1
    maximum: 31536000
    description: How long nobody may have asked for it before it sleeps; absent for never.
  awakeHours:
    type: string
    maxLength: 512
    pattern: '^[a-z]{3}(-[a-z]{3})? [0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}(, [a-z]{3}(-[a-z]{3})? [0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})* [A-Za-z0-9_+/-]+$'
    description: In which hours it stays awake, and is woken as they begin, such as mon-fri 08:00-18:00 Europe/Berlin.
  keepAwakeUntil: { type: string, format: date-time, description: Until when it stays awake in any case. }
  sleepWantedInEpoch: { type: integer, minimum: 0, description: In which epoch its owner wanted it asleep. }
{{- end -}}

{{- /* An amount of CPU and memory. */ -}}
{{- define "roost.app.compute" -}}
type: object
required: [cpuMillis, memoryBytes]
properties:
  cpuMillis: { type: integer, format: int64, minimum: 0, description: Thousandths of a core. }
  memoryBytes: { type: integer, format: int64, minimum: 0 }
{{- end -}}
