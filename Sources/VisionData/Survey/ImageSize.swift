import VisionSystem
import VisionTensor

/// Width and height of a network's input in pixels: `128`, or `48x32` for a width of 48.
public struct ImageSize: Sendable, Hashable, CustomStringConvertible {
  public let width: Int
  public let height: Int

  /// The sides supported in training, in pixels.
  public static let sides = 1...1024

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A square.
  public init(_ side: Int) { self.init(width: side, height: side) }

  /// Parses a size; nil when the text is not one, or a side is outside `sides`.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let width = parts[0], let height = parts[parts.count - 1],
      Self.sides.contains(width), Self.sides.contains(height)
    else { return nil }
    self.init(width: width, height: height)
  }

  /// Whether images of it are learned as they are: no side is longer than 64 pixels.
  package var isSmall: Bool { max(width, height) <= 64 }

  public var description: String { width == height ? "\(width)" : "\(width)x\(height)" }
}
