/**
 * What a path alone tells of a file. The ideas are those of github-linguist (lib/linguist/vendor.yml and generated.rb, MIT), without what it
 * counts as vendored only to keep its statistics clean: tests, fixtures, declaration files, configuration and continuous integration are
 * what people ask about, and names such as `external` that people give to code of their own. `dist` and `build` are not here either, as people name sources so: their content tells, in `judgeContent.ts`.
 */

/** Folders of other people's code, at any depth. */
export const VENDORED_FOLDERS: ReadonlySet<string> = new Set(
  (
    "node_modules bower_components jspm_packages web_modules vendor vendors third_party third-party thirdparty 3rdparty 3rd-party 3rd_party " +
    "3rdParty thirdParty ThirdParty Vendor Godeps Pods Carthage site-packages dist-packages .venv venv .tox " +
    ".yarn .pnpm .pnpm-store .bundle .cargo .gradle .m2 _vendor _vendored xvba_modules flow-typed ace-builds MathJax tiny_mce puphpet"
  ).split(" "),
);

/** Folders that tools fill, at any depth. */
export const GENERATED_FOLDERS: ReadonlySet<string> = new Set(
  (
    "__generated__ __pycache__ .next .nuxt .svelte-kit .output .turbo .parcel-cache .cache .mypy_cache .pytest_cache .ruff_cache " +
    ".nyc_output htmlcov .sqlx .idea .vs .terraform .dart_tool"
  ).split(" "),
);

/** Copies of libraries that are known by the name of the file. */
export const VENDORED_FILES: readonly RegExp[] = [
  /^jquery(?:[-.](?:ui|\d)[^/]*)?\.(?:js|css)$/iu,
  /^(?:bootstrap|foundation|normalize|animate|materialize|bulma|font-?awesome|modernizr)(?:[-.]\d[^/]*)?\.(?:js|css)$/iu,
  /^(?:ckeditor|tiny_mce[^.]*|html5shiv|MochiKit|dojo|shCore|pdf\.worker)\.js$/u,
  /^(?:d3|angular|knockout|mootools|prototype|yui)[-.]v?\d[^/]*\.js$/u,
  /^(?:gradlew|mvnw)(?:\.bat|\.cmd)?$/u,
  /^(?:config\.(?:guess|sub)|libtool\.m4|lt(?:options|sugar|version|~obsolete)\.m4|aclocal\.m4|cpplint\.py|ppport\.h)$/u,
];

/** Files that a tool writes, by their whole name. */
export const GENERATED_NAMES: ReadonlySet<string> = new Set(
  (
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb deno.lock composer.lock Cargo.lock Gemfile.lock " +
    "poetry.lock pdm.lock uv.lock pixi.lock Pipfile.lock flake.lock mix.lock pubspec.lock Podfile.lock Package.resolved packages.lock.json " +
    "MODULE.bazel.lock go.sum gopkg.lock glide.lock .terraform.lock.hcl .pnp.cjs .pnp.loader.mjs mise.lock .secrets.baseline Cargo.toml.orig " +
    "gradle.lockfile project.assets.json"
  ).split(" "),
);

/** Files that a tool writes, by how the name is made. */
export const GENERATED_FILES: readonly RegExp[] = [
  /\.pb(?:\.gw|\.validate)?\.(?:go|cc|h|c|swift|dart)$|_pb2(?:_grpc)?\.pyi?$|_(?:grpc_)?pb\.(?:js|d\.ts|rb)$|_pb\.ts$|\.pb\.ts$/u,
  /\.designer\.(?:cs|vb)$|\.g(?:\.i)?\.cs$|\.generated\.(?:cs|ts|tsx|js|go|rs|dart|graphql)$/iu,
  /\.(?:freezed|g|gr|config|mocks)\.dart$/u,
  /[._-]gen(?:erated)?\.(?:go|ts|tsx|rs)$|^zz_generated\.[^/]*\.go$|_string_gen\.go$/u,
  /\.(?:js|mjs|cjs|css|ts)\.map$/u,
  /\.(?:nib|xcworkspacedata|xcuserstate|snap)$|_tlb\.pas$/iu,
  /\.zep\.(?:c|h|php)$/u,
];

export const MINIFIED_FILE = /[.-]min\.(?:js|mjs|cjs|css)$/u;

/** Files that are there to hold secrets, by the name: what they say is nobody's answer. Samples of them hold none. */
export const SECRET_FILES: readonly RegExp[] = [
  /^\.env(?!.*\b(?:example|sample|template|dist|defaults?)\b)(?:\..*)?$|\.env$/iu,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ovpn|ppk)$/iu,
  /^(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc|_netrc|\.pgpass|\.htpasswd|\.git-credentials|\.pypirc|\.dockercfg)$/u,
];

/** Extensions of what is no text, so that it need not be opened. */
export const BINARY_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    "png jpg jpeg gif bmp ico icns webp avif tif tiff psd xcf heic mp3 mp4 m4a m4v mov avi mkv webm wav flac ogg oga ogv aac woff woff2 ttf " +
    "otf eot pdf docx xls xlsx ppt pptx odt ods zip gz tgz bz2 xz zst 7z rar tar jar war ear apk ipa dmg iso deb rpm whl egg nupkg " +
    "exe dll so dylib pyc pyo class wasm sqlite sqlite3 mdb npy npz pkl pickle parquet h5 hdf5 onnx pt pth safetensors " +
    "gguf ckpt jks p12 pfx keystore"
  ).split(" "),
);
