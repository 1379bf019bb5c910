(command name: (command_name (word) @call))

((command name: (command_name) @_source argument: (_) @module) @import (#any-of? @_source "source" "."))

; ${NAME:-value} is read from outside, if it is there.
((expansion (variable_name) @key operator: _ @_default) @config
  (#any-of? @_default ":-" "-" ":=" "=" ":?" "?")
  (#match? @key "^[A-Z][A-Z0-9_]+$"))
