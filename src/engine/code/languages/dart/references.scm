((identifier) @call . (selector (argument_part)))
((selector (unconditional_assignable_selector (identifier) @call)) . (selector (argument_part)))
((identifier) @receiver . (selector (unconditional_assignable_selector (identifier) @call)) . (selector (argument_part)))
((this) @receiver . (selector (unconditional_assignable_selector (identifier) @call)) . (selector (argument_part)))
((super) @receiver . (unconditional_assignable_selector (identifier) @call) . (selector (argument_part)))
((selector (conditional_assignable_selector (identifier) @call)) . (selector (argument_part)))
(cascade_section (cascade_selector (identifier) @call) (argument_part))
(new_expression (type_identifier) @call)
(const_object_expression (type_identifier) @call)
(annotation name: (identifier) @call)

; What several patterns say of one import is put together.
(library_import (import_specification (configurable_uri) @module)) @import
(library_import (import_specification (configurable_uri) @module (identifier) @namespace)) @import
(library_import
  (import_specification (configurable_uri) @module (combinator "show" (identifier) @imported))) @import
(library_export (configurable_uri) @module (#set! reexport "")) @import
(part_directive (uri) @module) @import

(superclass (type_identifier) @base)
(mixins (type_identifier) @base)
(interfaces (type_identifier) @base)
(mixin_declaration (mixin) (identifier) (type_identifier) @base)
; What is written in an extension sees what it extends.
(extension_declaration class: (type_identifier) @base)

; Platform.environment["NAME"], String.fromEnvironment("NAME")
((identifier) @_platform
  .
  (selector (unconditional_assignable_selector (identifier) @_environment))
  .
  (selector (unconditional_assignable_selector (index_selector (string_literal) @key @config)))
  (#eq? @_platform "Platform")
  (#eq? @_environment "environment"))
((selector (unconditional_assignable_selector (identifier) @_from))
  .
  (selector (argument_part (arguments . (argument (string_literal) @key @config))))
  (#eq? @_from "fromEnvironment"))
