/// What is trained, and how, in consecutive stages.
///
/// The network of the stage that is best on the validation samples is kept; without validation samples, that
/// of the last stage.
public struct Recipe: Sendable, Hashable {
  /// What learns in a stage.
  public enum Part: Sendable, Hashable {
    /// The layers that the task appends.
    case head
    /// The head, and this many blocks before it; earlier blocks of a pretrained network learn more slowly.
    case blocks(Int)
    case all
  }

  public enum Method: Sendable, Hashable {
    /// The head is solved for the embeddings of all samples if the task can; else it is trained by steps.
    case solve
    /// Gradient descent.
    case descend
  }

  public struct Stage: Sendable, Hashable {
    /// Unique in its recipe; also the name of the stage's folder where several stages are trained by steps.
    public var name: String
    public var method: Method
    public var part: Part
    /// The epochs of training by steps, of a beginning whose weights are not averaged; nil for those of the run.
    public var epochs: Int?

    public init(name: String, method: Method, part: Part, epochs: Int? = nil) {
      (self.name, self.method, self.part, self.epochs) = (name, method, part, epochs)
    }
  }

  public var stages: [Stage]

  public init(_ stages: [Stage]) { self.stages = stages }

  /// The head alone, on the network's embeddings of the samples.
  public static let head = Recipe([Stage(name: "head", method: .solve, part: .head)])
  /// The whole network, from its initial weights.
  public static let scratch = Recipe([Stage(name: "training", method: .descend, part: .all)])

  /// The head first, then `part` of the network.
  public static func fineTune(_ part: Part) -> Recipe {
    Recipe(head.stages + [Stage(name: "fine-tuning", method: .descend, part: part)])
  }
}
