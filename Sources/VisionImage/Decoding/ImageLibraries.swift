import CImageCodecs

/// The libraries that images are read and written with.
package enum ImageLibraries {
  /// Those that this program was built with, such as `libpng 1.6.39`.
  package static var built: [String] {
    [String(cString: vn_png_version()), String(cString: vn_jpeg_version())]
  }

  /// Those that are looked for when an image of their format is read, and whether this machine has them.
  package static var looked: [(name: String, isInstalled: Bool)] {
    [
      ("libwebp", SystemLibrary.webp.isInstalled), ("libheif", SystemLibrary.heif.isInstalled),
      ("libtiff", SystemLibrary.tiff.isInstalled), ("giflib", SystemLibrary.gif.isInstalled),
    ]
  }
}
