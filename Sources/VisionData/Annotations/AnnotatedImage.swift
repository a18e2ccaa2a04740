import VisionSystem

/// An image and the objects in it.
public struct AnnotatedImage: Sendable, Hashable {
  /// Its path below the root of the data, or the name in the annotations where there is no such file.
  public var name: String
  /// The file; nil if it was not found and the annotations state its size.
  public var path: String?
  /// Pixels in a row of the upright image.
  public var width: Int
  /// Rows of the upright image.
  public var height: Int
  /// The objects in the order of the annotations; none for an image that shows none of the classes.
  public var objects: [AnnotatedObject]
  /// The part of the data to which it belongs; nil if nothing says.
  package var part: DataPart?

  package init(
    name: String, path: String?, width: Int, height: Int, objects: [AnnotatedObject], part: DataPart? = nil
  ) {
    (self.name, self.path, self.width, self.height) = (name, path, width, height)
    (self.objects, self.part) = (objects, part)
  }

  /// An image that belongs to no part of the data.
  public init(name: String, path: String?, width: Int, height: Int, objects: [AnnotatedObject]) {
    self.init(name: name, path: path, width: width, height: height, objects: objects, part: nil)
  }
}
