//go:build tools

// Package tools pins what the local platform builds from this module.
package tools

import (
	_ "helm.sh/helm/v4/cmd/helm"
)
