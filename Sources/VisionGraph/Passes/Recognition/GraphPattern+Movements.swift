import VisionTensor

extension GraphPattern {
  static let movements = [pixelShuffle, channelShuffle]

  private static let moved = Form.node(
    Reshape.self,
    .named("turned", .node("order", [Transpose.self], [.named("parts", .node(Reshape.self, .value("x")))])))

  /// N×(C·r·r)×H×W → N×C×r×r×H×W → N×C×H×r×W×r → N×C×rH×rW.
  private static let pixelShuffle = GraphPattern(name: "PixelShuffle", forms: [moved]) { match in
    guard let x = match.values["x"], let image = match.fact("x")?.shape, image.rank == 4,
      let parts = match.fact("parts")?.shape, parts.rank == 6, let block = Optional(parts[2]), block > 1,
      let order = match.operation("order", Transpose.self)?.permutation
    else { return nil }
    let mode: DepthToSpace.Mode
    switch order {
    case [0, 1, 4, 2, 5, 3]:
      guard parts == [image[0], image[1] / (block * block), block, block, image[2], image[3]] else {
        return nil
      }
      mode = .channelsFirst
    case [0, 3, 4, 1, 5, 2]:
      guard parts == [image[0], block, block, image[1] / (block * block), image[2], image[3]] else {
        return nil
      }
      mode = .blocksFirst
    default: return nil
    }
    guard match.fact.shape == [image[0], image[1] / (block * block), image[2] * block, image[3] * block]
    else {
      return nil
    }
    return Replacement(operation: DepthToSpace(block: block, mode: mode), inputs: [.value(x)])
  }

  /// N×C×H×W → N×groups×C/groups×H×W → N×C/groups×groups×H×W → N×C×H×W.
  private static let channelShuffle = GraphPattern(name: "channel shuffle", forms: [moved]) { match in
    guard let x = match.values["x"], let image = match.fact("x")?.shape, image.rank == 4,
      match.fact.shape == image, let parts = match.fact("parts")?.shape, parts.rank == 5, parts[1] > 1,
      parts == [image[0], parts[1], image[1] / parts[1], image[2], image[3]],
      match.operation("order", Transpose.self)?.permutation == [0, 2, 1, 3, 4]
    else { return nil }
    return Replacement(operation: ChannelShuffle(groups: parts[1]), inputs: [.value(x)])
  }
}
