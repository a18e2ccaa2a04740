/// Something that was noticed while annotations were read or written: what, how often, and where first.
public struct AnnotationNote: Sendable, Hashable {
  /// What was noticed. Raw values are stable names for programs.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // Probable mistakes.
    case missingImages, unknownImages, firstClassUnused, severalParts, severalClasses, mixedRows
    // What is read differently from how it is written, or not at all.
    case clipped, outside, empty, repeated, repeatedImages, rotated, ellipses, shapes, keypoints, parts
    case unreadFields
    case invalidOutlines, unreadMasks, unlabeledImages, storedFrame, uprightFrame, assumedFrame, oneBased
    case unlistedImages, rootCategory, otherFiles
    // What the format that is written cannot hold.
    case lostCrowd, lostDifficult, lostTruncated, lostOccluded, lostPolygons, lostParts, lostMasks
    case lostConfidences, lostAreas, lostAttributes, lostClasses, lostImages, lostUnsplit
    case renamedImages

    /// Whether it is probably a mistake in the data.
    public var isWarning: Bool {
      switch self {
      case .missingImages, .unknownImages, .firstClassUnused, .severalParts, .severalClasses, .mixedRows: true
      default: false
      }
    }

    /// Whether it is something that a written format cannot hold.
    public var isLoss: Bool {
      switch self {
      case .lostCrowd, .lostDifficult, .lostTruncated, .lostOccluded, .lostPolygons, .lostParts, .lostMasks,
        .lostConfidences, .lostAreas, .lostAttributes, .lostClasses, .lostImages, .lostUnsplit:
        true
      default: false
      }
    }
  }

  public let kind: Kind
  /// What the kind leaves open, such as the type of a shape; nil if there is nothing.
  public let detail: String?
  /// How often it was noticed; at least 1.
  public let count: Int
  /// Where it was noticed first; at most three places.
  public let examples: [String]

  package init(_ kind: Kind, detail: String? = nil, count: Int, examples: [String] = []) {
    (self.kind, self.detail, self.count, self.examples) = (kind, detail, count, examples)
  }
}
