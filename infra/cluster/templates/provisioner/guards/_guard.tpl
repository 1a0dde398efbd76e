{{- /* The beginning of an admission policy, to be followed by the rest of its spec, and its binding: it holds for
requests of the functions' identity and of the waker's only. Called with (list $ "policy name"). */ -}}
{{- define "roost.provisioner.guard" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ $name }}
  labels: {{- include "roost.labels" (list $root "provisioner") | nindent 4 }}
spec:
  policyName: {{ $name }}
  validationActions: [Deny]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {{ $name }}
  labels: {{- include "roost.labels" (list $root "provisioner") | nindent 4 }}
spec:
  failurePolicy: Fail
  matchConditions:
    - name: by-the-functions
      expression: >-
        request.userInfo.username == 'system:serviceaccount:{{ $root.Release.Namespace }}:roost-provisioner'
        || request.userInfo.username == 'system:serviceaccount:{{ $root.Release.Namespace }}:wake'
        {{- with $root.Values.provisioner.group }}
        || '{{ . }}' in request.userInfo.groups
        {{- end }}
{{- end -}}
