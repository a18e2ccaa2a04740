import CImageCodecs

/// A system library that decodes an image format. It is looked up when such an image is read.
struct SystemLibrary: Sendable {
  /// File names for the dynamic linker, one per line, the usual one first.
  let names: String
  /// The package that contains the library.
  let debianPackage: String
  let homebrewFormula: String

  /// - Parameters:
  ///   - linux: file names that include the version of the interface.
  ///   - macOS: the same for macOS; Homebrew's folders are searched as well.
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

  /// The same library with other file names.
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

  /// Whether the library is installed. Whether it has all required functions is known only when an image is
  /// read.
  var isInstalled: Bool { vn_system_library_exists(names) != 0 }

  /// The library that decodes `format`; nil for formats that need no system library.
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

  /// The error for an image of `format` that cannot be read without the library.
  ///
  /// - Parameter detail: a function that the library lacks; empty if the library is not installed.
  func missing(for format: ImageFormat, _ detail: String) -> ImageError {
    let name = format.name
    // libheif is installed, but the decoder that it needs for the compressed pixels is not.
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
