import VisionGraph

/// Dense layers with ReLU between them; for 28×28 gray digits, the classic 784-128-64-10.
///
/// Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986, with ReLU
/// instead of the sigmoid. Images of any fixed size.
public struct MultilayerPerceptron: Network {
  /// K, the number of outputs.
  public let classes: Int
  /// Units of the hidden layers.
  public let hidden: [Int]

  public init(classes: Int = 10, hidden: [Int] = [128, 64]) {
    self.classes = classes
    self.hidden = hidden
  }

  public var body: some Layer {
    Flatten().named("flatten")
    for (index, units) in hidden.enumerated() {
      Dense(units).named("fc\(index + 1)")
      ReLU().named("relu\(index + 1)")
    }
    Dense(classes).named("fc\(hidden.count + 1)")
  }
}
