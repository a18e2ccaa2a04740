import VisionSystem
import VisionTensor

extension GraphPattern {
  static let movements = [pixelShuffle, channelShuffle, tokensAsImage, imageAsTokens]

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

  /// N×L×C → N×C×L → N×C×H×W with H·W = L: the tokens are the pixels of an image whose channels come last, where nothing moves.
  private static let tokensAsImage = GraphPattern(
    name: "tokens as an image",
    forms: [.node(Reshape.self, .node("turn", [Transpose.self], [.value("x")]))]
  ) { match in
    guard let x = match.values["x"], let tokens = match.fact("x")?.shape, tokens.rank == 3,
      match.operation("turn", Transpose.self)?.permutation == [0, 2, 1]
    else { return nil }
    let image = match.fact.shape
    guard image.rank == 4, image[0] == tokens[0], image[1] == tokens[2], image[2] * image[3] == tokens[1]
    else { return nil }
    return Replacement(
      operation: Transpose([0, 3, 1, 2]),
      inputs: [.reshaped(.value(x), [image[0], image[2], image[3], image[1]])])
  }

  /// N×C×H×W → N×C×H·W → N×H·W×C: the reverse.
  private static let imageAsTokens = GraphPattern(
    name: "image as tokens",
    forms: [.node("turn", [Transpose.self], [.node(Reshape.self, .value("x"))])]
  ) { match in
    guard let x = match.values["x"], let image = match.fact("x")?.shape, image.rank == 4,
      match.operation("turn", Transpose.self)?.permutation == [0, 2, 1],
      match.fact.shape == [image[0], image[2] * image[3], image[1]]
    else { return nil }
    return Replacement(
      operation: Reshape(),
      inputs: [.transposed(.value(x), [0, 2, 3, 1]), .constant(Tensor(match.fact.shape.map { Int64($0) }))])
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
