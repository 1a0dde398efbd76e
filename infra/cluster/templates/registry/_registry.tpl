{{- /* Where clients get tokens; called with $. */ -}}
{{- define "roost.registry.realm" -}}
{{- .Values.registry.tokenRealm | default (printf "https://registry.%s/token" .Values.baseDomain) -}}
{{- end -}}

{{- /* Fails where there is a cluster, but no keys in it; called with $. */ -}}
{{- define "roost.registry.requireKeys" -}}
{{- $name := .Values.registry.keysSecret -}}
{{- $keys := lookup "v1" "Secret" .Release.Namespace $name -}}
{{- /* Without a cluster, as when the chart is checked, nothing is found at all. */ -}}
{{- if lookup "v1" "Namespace" "" "kube-system" -}}
{{- range $file := list "signing.key" "signing.crt" "pull.key" -}}
{{- if not (hasKey (default dict $keys.data) $file) -}}
{{- fail (printf "the Secret %s in %s has no %s: make it as values.yaml says at registry.keysSecret" $name $.Release.Namespace $file) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
