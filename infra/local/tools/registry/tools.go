//go:build tools

// Package tools pins what the local platform builds from this module.
package tools

import (
	_ "github.com/distribution/distribution/v3/cmd/registry"
)
