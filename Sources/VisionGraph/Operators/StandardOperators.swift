extension OperatorRegistry {
  /// Every operator that VisionNet reads from files.
  public static let standard = OperatorRegistry([
    Add.self,
    AveragePool.self,
    BatchNormalization.self,
    Clip.self,
    Conv.self,
    Dropout.self,
    Flatten.self,
    Gemm.self,
    GlobalAveragePool.self,
    GlobalMaxPool.self,
    LRN.self,
    LogSoftmax.self,
    MaxPool.self,
    Relu.self,
    Softmax.self,
  ])
}
