import VisionGraph

/// Where a value lies and how far apart its pixels are, if a fusion pass has decided it.
struct Storage {
  enum Home: Equatable {
    /// Memory of its own.
    case own
    /// Channels of another value, from `channel` on.
    case slice(of: ValueID, channel: Int)
    /// No memory: its readers compute it.
    case nowhere
  }

  var home = Home.own
  /// The distance between pixels in words of four bytes; nil if it equals the number of channels.
  var pitch: Int?
  /// Whether its numbers are stored as bfloat16.
  var isHalf = false

  /// The pitch of an image of floats.
  var floatPitch: Int? { isHalf ? nil : pitch }

  var isSlice: Bool {
    if case .slice = home { true } else { false }
  }
}
