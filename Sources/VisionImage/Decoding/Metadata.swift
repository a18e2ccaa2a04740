/// The metadata of a file that concern its orientation.
struct Metadata {
  var exif: EXIF?
  /// The orientation in XMP, which is used if EXIF has none.
  var xmp: Orientation?
  /// Other invalid parts, for warnings.
  var problems: [String] = []

  var orientation: Orientation {
    if let exif, exif.orientation != nil || exif.namesOrientation { return exif.orientation ?? .upright }
    return xmp ?? .upright
  }

  var warnings: [String] {
    problems + (exif?.problem.map { ["the EXIF data is broken and ignored: \($0)"] } ?? [])
  }
}
