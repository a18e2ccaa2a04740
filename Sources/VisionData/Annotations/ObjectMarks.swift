/// What annotations say of an object besides its class and place.
public struct ObjectMarks: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The box holds a group of objects that are not annotated one by one; COCO's `iscrowd`.
  public static let crowd = ObjectMarks(rawValue: 1)
  /// The object is hard to recognize, and evaluation does not count it; VOC's `difficult`.
  public static let difficult = ObjectMarks(rawValue: 2)
  /// Part of the object is outside of the image; VOC's `truncated`.
  public static let truncated = ObjectMarks(rawValue: 4)
  /// Something else hides part of the object; VOC's and CVAT's `occluded`.
  public static let occluded = ObjectMarks(rawValue: 8)

  /// All marks with their names in files, in the order of their bits.
  static let named: [(name: String, mark: ObjectMarks)] = [
    ("crowd", .crowd), ("difficult", .difficult), ("truncated", .truncated), ("occluded", .occluded),
  ]

  /// The mark of a name, in any of the spellings in use.
  init?(name: String) {
    switch name.lowercased() {
    case "crowd", "iscrowd", "is_crowd": self = .crowd
    case "difficult": self = .difficult
    case "truncated": self = .truncated
    case "occluded": self = .occluded
    default: return nil
    }
  }
}
