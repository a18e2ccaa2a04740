/// What is trained, and how, in stages one after the other; the network of the stage that is best on the validation samples is
/// kept, or that of the last one without any.
public struct Recipe: Sendable, Hashable {
  /// What learns in a stage.
  public enum Part: Sendable, Hashable {
    /// The layers that the task appends.
    case head
    /// These, and so many blocks before them; earlier ones learn more slowly.
    case blocks(Int)
    case all
  }

  public enum Method: Sendable, Hashable {
    /// The head is found at once for the embeddings of all samples, where the task can; else by steps.
    case solve
    /// Steps down the gradient.
    case descend
  }

  public struct Stage: Sendable, Hashable {
    /// Unique in its recipe; the name of a folder where there are several stages by steps.
    public var name: String
    public var method: Method
    public var part: Part

    public init(name: String, method: Method, part: Part) {
      (self.name, self.method, self.part) = (name, method, part)
    }
  }

  public var stages: [Stage]

  public init(_ stages: [Stage]) { self.stages = stages }

  /// The head alone, on what the network makes of the samples.
  public static let head = Recipe([Stage(name: "head", method: .solve, part: .head)])
  /// All of it, from where it starts.
  public static let scratch = Recipe([Stage(name: "training", method: .descend, part: .all)])

  /// The head, and then a part of the network with it.
  public static func fineTune(_ part: Part) -> Recipe {
    Recipe(head.stages + [Stage(name: "fine-tuning", method: .descend, part: part)])
  }
}
