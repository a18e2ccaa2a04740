/// How annotations are read.
public struct AnnotationOptions: Sendable, Hashable {
  /// The format to read where a folder has several; nil to find it.
  public var format: AnnotationFormat?
  /// The frame of the boxes of images that EXIF turns.
  public var frame: AnnotationFrame
  /// The file or folder of annotations for the images below a folder; nil where they lie in that folder, too.
  public var annotations: String?

  public init(
    format: AnnotationFormat? = nil, frame: AnnotationFrame = .automatic, annotations: String? = nil
  ) {
    (self.format, self.frame, self.annotations) = (format, frame, annotations)
  }
}
