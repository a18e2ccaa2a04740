/// The channels of a network's input, and their order.
public enum ChannelOrder: String, Sendable, Hashable, CaseIterable, Codable {
  case rgb, bgr
  /// One channel: the luma of ITU-R BT.601 in fixed point, as in Pillow's mode L: (19595 R + 38470 G + 7471 B
  /// + 2¹⁵) / 2¹⁶.
  case gray

  /// C, the number of channels.
  public var count: Int { self == .gray ? 1 : 3 }
}
