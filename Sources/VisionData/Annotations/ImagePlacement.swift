/// How the images come into a set of annotations that is written.
public enum ImagePlacement: String, Sendable, Hashable, CaseIterable {
  /// As symbolic links to the files.
  case link
  /// As copies of the files.
  case copy
  /// Not at all; the annotations name files that are not there.
  case none
}
