{{- /* Binds an admission policy to tenants' namespaces; called with (list $ "policy name"). */ -}}
{{- define "roost.tenants.binding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ index . 1 }}
  labels: {{- include "roost.labels" (list (index . 0) "tenants") | nindent 4 }}
spec:
  policyName: {{ index . 1 }}
  validationActions: [Deny]
  matchResources:
    namespaceSelector:
      matchLabels:
        app.kubernetes.io/managed-by: roost
{{- end -}}
