; Of patterns that name the same symbol the first counts.

(function_definition name: (_) @name body: (_) @body) @symbol.function

; Those of the file: a variable of a function is local or is set when it runs.
((program (declaration_command (variable_assignment name: (variable_name) @name)) @symbol.constant)
  (#match? @symbol.constant "^(?:readonly|declare -\\w*r)"))
(program (declaration_command (variable_assignment name: (variable_name) @name)) @symbol.variable)
(program (variable_assignment name: (variable_name) @name) @symbol.variable)
((declaration_command (variable_assignment name: (variable_name) @name @export.name)) @symbol.variable
  (#match? @symbol.variable "^export"))
