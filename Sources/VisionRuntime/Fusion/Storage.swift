import VisionGraph

/// Where a value lies and how far apart its pixels are, as far as fusion passes decide it.
struct Storage {
  enum Home: Equatable {
    /// Memory of its own.
    case own
    /// Channels of another value, from `channel` on.
    case slice(of: ValueID, channel: Int)
    /// No memory: whatever reads it computes it.
    case nowhere
  }

  var home = Home.own
  /// Words of four bytes from pixel to pixel where these are not its channels.
  var pitch: Int?
  /// Whether its numbers are stored as bfloat16.
  var isHalf = false

  /// The pitch of an image of floats.
  var floatPitch: Int? { isHalf ? nil : pitch }

  var isSlice: Bool {
    if case .slice = home { true } else { false }
  }
}
