{{- /* Labels of an object; called with (list $ "component"). */ -}}
{{- define "roost.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: roost
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ $root.Chart.Name }}-{{ $root.Chart.Version }}
{{- end -}}

{{- /* Labels by which Services, policies and Deployments find their pods; called with "component". */ -}}
{{- define "roost.selector" -}}
app.kubernetes.io/name: roost
app.kubernetes.io/component: {{ . }}
{{- end -}}
