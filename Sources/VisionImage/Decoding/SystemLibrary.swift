import CImageCodecs

/// A library of the system that decodes an image format, looked up when such an image is met.
struct SystemLibrary: Sendable {
  /// Names of files as the dynamic linker takes them, the usual one first, one per line.
  let names: String
  /// The package that holds it.
  let debianPackage: String
  let homebrewFormula: String

  /// - Parameters:
  ///   - linux: file names with the version whose interface is meant.
  ///   - macOS: the same, which are also looked for where Homebrew puts them.
  init(linux: [String], macOS: [String], debianPackage: String, homebrewFormula: String) {
    #if canImport(Darwin)
      let folders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"]
      names = folders.flatMap { folder in macOS.map { folder + $0 } }.joined(separator: "\n")
    #else
      names = linux.joined(separator: "\n")
    #endif
    self.debianPackage = debianPackage
    self.homebrewFormula = homebrewFormula
  }

  /// The same under other names of files.
  init(_ library: SystemLibrary, names: String) {
    self.names = names
    debianPackage = library.debianPackage
    homebrewFormula = library.homebrewFormula
  }

  static let webp = SystemLibrary(
    linux: ["libwebp.so.7", "libwebp.so.6"], macOS: ["libwebp.7.dylib"], debianPackage: "libwebp7",
    homebrewFormula: "webp")
  static let heif = SystemLibrary(
    linux: ["libheif.so.1"], macOS: ["libheif.1.dylib"], debianPackage: "libheif1", homebrewFormula: "libheif"
  )
  static let tiff = SystemLibrary(
    linux: ["libtiff.so.6", "libtiff.so.5"], macOS: ["libtiff.6.dylib", "libtiff.5.dylib"],
    debianPackage: "libtiff6", homebrewFormula: "libtiff")
  static let gif = SystemLibrary(
    linux: ["libgif.so.7"], macOS: ["libgif.7.dylib", "libgif.dylib"], debianPackage: "libgif7",
    homebrewFormula: "giflib")

  /// Whether it is there. Only an image shows whether it can do what is asked of it.
  var isInstalled: Bool { vn_system_library_exists(names) != 0 }

  /// What decodes `format`; nil for formats that need nothing of the system.
  static func of(_ format: ImageFormat) -> SystemLibrary? {
    switch format {
    case .webp: webp
    case .heic, .avif: heif
    case .tiff: tiff
    case .gif: gif
    case .png, .jpeg, .bmp: nil
    }
  }

  private var install: String {
    "install the package \(debianPackage) (Debian, Ubuntu) or \(homebrewFormula) (Homebrew)"
  }

  /// Why an image of `format` cannot be read without it.
  ///
  /// - Parameter detail: a function that it lacks, or empty when there is none of its names.
  func missing(for format: ImageFormat, _ detail: String) -> ImageError {
    let name = format.name
    // libheif is there, but the decoder that it hands the compressed pixels to is not.
    if format == .heic || format == .avif, !detail.isEmpty, !detail.hasPrefix("heif_") {
      let plugins = format == .heic ? "libheif-plugin-libde265" : "libheif-plugin-aomdec"
      return ImageError(
        .unsupported, "\(name) cannot be read: libheif has no decoder for it (\(detail))",
        remedy: "install the package \(plugins) (Debian, Ubuntu), or a \(homebrewFormula) with that decoder")
    }
    let reason = detail.isEmpty ? "is not installed" : "is too old: it lacks \(detail)"
    return ImageError(
      .unsupported, "\(name) cannot be read: its library \(debianPackage) \(reason)",
      remedy: "\(install), or convert the image to PNG or JPEG")
  }
}
