/// The pixels in which boxes of an image that EXIF turns are annotated.
public enum AnnotationFrame: String, Sendable, Hashable, CaseIterable {
  /// Found out from the size that the annotation states; upright if that does not tell.
  case automatic
  /// The pixels in the order of the file.
  case stored
  /// The pixels as people see them.
  case upright
}
