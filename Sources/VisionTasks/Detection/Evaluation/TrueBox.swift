public import VisionData

/// An object that an image shows, as the annotations have it.
public struct TrueBox: Sendable, Hashable {
  /// The class, counted from 0.
  public var classIndex: Int
  /// Where it is, in pixels of the upright original.
  public var box: Box
  /// The area in square pixels that decides whether the object is small, medium or large: that of its outline where
  /// there is one, else of its box.
  public var area: Double
  /// Whether the box holds a group of objects. Any number of detections inside of it count neither as right nor as
  /// wrong; COCO's `iscrowd`.
  public var isCrowd: Bool
  /// Whether it does not count that the object is found or missed; VOC's `difficult`. One detection may match it.
  public var isIgnored: Bool

  /// - Parameter area: by default that of the box.
  public init(
    classIndex: Int, box: Box, area: Double? = nil, isCrowd: Bool = false, isIgnored: Bool = false
  ) {
    (self.classIndex, self.box, self.area) = (classIndex, box, area ?? box.width * box.height)
    (self.isCrowd, self.isIgnored) = (isCrowd, isIgnored)
  }

  /// Whether the object is one that has to be found.
  var counts: Bool { !isCrowd && !isIgnored }
}
