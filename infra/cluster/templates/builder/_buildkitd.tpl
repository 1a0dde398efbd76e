{{- /* What every daemon of the platform has in common. */ -}}
{{- define "roost.builder.locks" -}}
# A frontend is a program that a Dockerfile may name (`# syntax=`), with the rights of the build. The one that is
# built into the daemon is enough.
[frontend."gateway.v0"]
  enabled = false

[worker.containerd]
  enabled = false
{{- end -}}

{{- define "roost.builder.registries" -}}
{{- range $host, $registry := .Values.builder.registries }}

[registry.{{ $host | quote }}]
  {{- with $registry.mirrors }}
  mirrors = {{ toJson . }}
  {{- end }}
  {{- if $registry.http }}
  http = true
  {{- end }}
{{- end }}
{{- end -}}

{{- /* What is cheap to fetch again goes first, then whatever was used longest ago. */ -}}
{{- define "roost.builder.collection" -}}
[[worker.oci.gcpolicy]]
  filters = ["type==source.local", "type==source.git.checkout"]
  keepDuration = "48h"
  maxUsedSpace = "{{ div . 10 }}MB"
[[worker.oci.gcpolicy]]
  all = true
  maxUsedSpace = "{{ div (mul . 9) 10 }}MB"
{{- end -}}
