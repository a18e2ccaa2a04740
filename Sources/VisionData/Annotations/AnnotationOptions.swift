/// How annotations are read.
public struct AnnotationOptions: Sendable, Hashable {
  /// The format to read where a folder has several; nil to find it.
  public var format: AnnotationFormat?
  /// The frame of the boxes of images that EXIF turns.
  public var frame: AnnotationFrame

  public init(format: AnnotationFormat? = nil, frame: AnnotationFrame = .automatic) {
    (self.format, self.frame) = (format, frame)
  }
}
