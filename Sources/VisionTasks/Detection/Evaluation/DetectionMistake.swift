/// Something that a detector does wrong in an image.
///
/// Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020.
public struct DetectionMistake: Sendable, Hashable {
  /// The kinds of mistakes, in the order of tidecv. Raw values are the keys in records.
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// The object is there, but is of another class.
    case classification
    /// An object of the class is there, but the box is badly placed.
    case localization
    /// Wrong class and badly placed, or something between the other kinds.
    case both
    /// The object has been found by a detection with a larger score.
    case duplicate
    /// Nothing is there.
    case background
    /// An object that no detection shows, not even one of the mistakes above.
    case missed
  }

  public let kind: Kind
  /// The position of the image.
  public let image: Int
  /// The position among the detections of the image; nil for a missed object.
  public let detection: Int?
  /// The position among the objects of the image: the one that is missed, taken for another class, badly placed or found twice;
  /// nil for `both` and `background`.
  public let truth: Int?
}
