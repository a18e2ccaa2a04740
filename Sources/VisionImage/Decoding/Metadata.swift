/// What a file says beside its pixels, as far as it says how they are turned.
struct Metadata {
  var exif: EXIF?
  /// The orientation in XMP, which counts where EXIF has none.
  var xmp: Orientation?
  /// What else is broken, for a warning.
  var problems: [String] = []

  var orientation: Orientation {
    if let exif, exif.orientation != nil || exif.namesOrientation { return exif.orientation ?? .upright }
    return xmp ?? .upright
  }

  var warnings: [String] {
    problems + (exif?.problem.map { ["the EXIF data is broken and ignored: \($0)"] } ?? [])
  }
}
