extension OperatorRegistry {
  /// Every operator that VisionNet reads from files.
  public static let standard = OperatorRegistry([
    Add.self,
    Conv.self,
    Relu.self,
  ])
}
