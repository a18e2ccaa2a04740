"""Exports networks that nobody tuned for, with random weights, to the folder of the first argument: networks.py FOLDER [NAME …]

Classifiers of timm and torchvision, detectors of ultralytics (without them they are left out, saying so), and small ones written
here for what those lack: one and three spatial axes, transposed convolutions, recurrent layers, super-resolution, segmentation,
style transfer, faces, diffusion. Opset 17, batch 1, normalizations in inference.
"""
import os
import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

warnings.filterwarnings('ignore')


def without_compiled_operators():
    """torchvision's wheel may be made for another build of PyTorch; its networks need none of its compiled operators."""
    register = torch.library.register_fake

    def quiet(name, *arguments, **options):
        if isinstance(name, str) and name.startswith('torchvision::'):
            return lambda function: function
        return register(name, *arguments, **options)
    torch.library.register_fake = quiet


def conv(inputs, outputs, kernel=3, stride=1, dilation=1, groups=1, activation=nn.ReLU):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2 * dilation, dilation, groups, bias=False),
        nn.BatchNorm2d(outputs), activation())


class First(nn.Module):
    """The first or the main output of a network that has several."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        y = self.network(x)
        return y['out'] if isinstance(y, dict) else y[0] if isinstance(y, (list, tuple)) else y


class Audio(nn.Module):
    """M5 on raw sound: one spatial axis."""

    def __init__(self):
        super().__init__()

        def block(inputs, outputs, kernel, stride):
            return nn.Sequential(
                nn.Conv1d(inputs, outputs, kernel, stride, kernel // 2), nn.BatchNorm1d(outputs), nn.ReLU())
        self.features = nn.Sequential(
            block(1, 64, 80, 4), nn.MaxPool1d(4), block(64, 64, 3, 1), nn.MaxPool1d(4), block(64, 128, 3, 1), nn.MaxPool1d(4),
            block(128, 256, 3, 1), nn.AdaptiveAvgPool1d(1))
        self.last = nn.Linear(256, 35)

    def forward(self, x):
        return self.last(self.features(x).flatten(1))


class Series(nn.Module):
    """Convolutions over one axis, then a bidirectional GRU of two layers."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv1d(40, 128, 5, padding=2), nn.BatchNorm1d(128), nn.ReLU(),
            nn.Conv1d(128, 128, 5, padding=4, dilation=2), nn.BatchNorm1d(128), nn.ReLU())
        self.states = nn.GRU(128, 128, 2, batch_first=True, bidirectional=True)
        self.last = nn.Linear(256, 40)

    def forward(self, x):
        return self.last(self.states(self.features(x).transpose(1, 2))[0])


class Generator(nn.Module):
    """DCGAN: transposed convolutions of 4 × 4."""

    def __init__(self):
        super().__init__()
        widths, layers = [100, 512, 256, 128, 64], []
        for k in range(4):
            layers += [nn.ConvTranspose2d(widths[k], widths[k + 1], 4, 2 if k else 1, 1 if k else 0, bias=False),
                       nn.BatchNorm2d(widths[k + 1]), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(64, 3, 4, 2, 1), nn.Tanh())

    def forward(self, x):
        return self.layers(x)


class Style(nn.Module):
    """Fast style transfer: reflection, normalization of instances, nearest upsampling."""

    def __init__(self):
        super().__init__()

        def block(inputs, outputs, kernel, stride=1):
            return [nn.ReflectionPad2d(kernel // 2), nn.Conv2d(inputs, outputs, kernel, stride),
                    nn.InstanceNorm2d(outputs, affine=True)]

        class Residual(nn.Module):
            def __init__(self):
                super().__init__()
                self.block = nn.Sequential(*block(128, 128, 3), nn.ReLU(), *block(128, 128, 3))

            def forward(self, x):
                return x + self.block(x)
        self.layers = nn.Sequential(
            *block(3, 32, 9), nn.ReLU(), *block(32, 64, 3, 2), nn.ReLU(), *block(64, 128, 3, 2), nn.ReLU(),
            *[Residual() for _ in range(5)], nn.Upsample(scale_factor=2), *block(128, 64, 3), nn.ReLU(),
            nn.Upsample(scale_factor=2), *block(64, 32, 3), nn.ReLU(), nn.ReflectionPad2d(4), nn.Conv2d(32, 3, 9))

    def forward(self, x):
        return self.layers(x)


class SubPixel(nn.Module):
    """ESPCN: few channels, then PixelShuffle."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 64, 5, padding=2), nn.Tanh(), nn.Conv2d(64, 32, 3, padding=1), nn.Tanh(),
            nn.Conv2d(32, 9, 3, padding=1), nn.PixelShuffle(3))

    def forward(self, x):
        return self.layers(x)


class Dense(nn.Module):
    """Real-ESRGAN's densely connected residual blocks."""

    class Block(nn.Module):
        def __init__(self, width=64, growth=32):
            super().__init__()
            self.convs = nn.ModuleList(
                [nn.Conv2d(width + k * growth, growth if k < 4 else width, 3, 1, 1) for k in range(5)])

        def forward(self, x):
            values = [x]
            for k in range(4):
                values.append(F.leaky_relu(self.convs[k](torch.cat(values, 1)), 0.2))
            return x + 0.2 * self.convs[4](torch.cat(values, 1))

    def __init__(self):
        super().__init__()
        self.first, self.up, self.last = nn.Conv2d(3, 64, 3, 1, 1), nn.Conv2d(64, 64, 3, 1, 1), nn.Conv2d(64, 3, 3, 1, 1)
        self.blocks = nn.Sequential(*[Dense.Block() for _ in range(3)])

    def forward(self, x):
        y = F.interpolate(self.blocks(self.first(x)), scale_factor=2, mode='nearest')
        return self.last(F.leaky_relu(self.up(y), 0.2))


class Denoiser(nn.Module):
    """DnCNN."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 64, 3, 1, 1), nn.ReLU(), *[conv(64, 64) for _ in range(8)], nn.Conv2d(64, 1, 3, 1, 1))

    def forward(self, x):
        return x - self.layers(x)


class Factorized(nn.Module):
    """ERFNet: 3 × 1 and 1 × 3, dilated, transposed convolutions at the end."""

    class Block(nn.Module):
        def __init__(self, width, dilation):
            super().__init__()
            self.layers = nn.Sequential(
                nn.Conv2d(width, width, (3, 1), 1, (1, 0)), nn.ReLU(), nn.Conv2d(width, width, (1, 3), 1, (0, 1)),
                nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width, (3, 1), 1, (dilation, 0), (dilation, 1)), nn.ReLU(),
                nn.Conv2d(width, width, (1, 3), 1, (0, dilation), (1, dilation)), nn.BatchNorm2d(width))

        def forward(self, x):
            return F.relu(x + self.layers(x))

    class Down(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.conv, self.norm = nn.Conv2d(inputs, outputs - inputs, 3, 2, 1), nn.BatchNorm2d(outputs)

        def forward(self, x):
            return F.relu(self.norm(torch.cat([self.conv(x), F.max_pool2d(x, 2)], 1)))

    def __init__(self):
        super().__init__()
        block, down = Factorized.Block, Factorized.Down
        self.layers = nn.Sequential(
            down(3, 16), down(16, 64), *[block(64, 1) for _ in range(3)], down(64, 128),
            *[block(128, d) for d in (2, 4, 8, 16)], nn.ConvTranspose2d(128, 64, 3, 2, 1, 1), nn.BatchNorm2d(64), nn.ReLU(),
            block(64, 1), nn.ConvTranspose2d(64, 16, 3, 2, 1, 1), nn.BatchNorm2d(16), nn.ReLU(), block(16, 1),
            nn.ConvTranspose2d(16, 20, 2, 2))

    def forward(self, x):
        return self.layers(x)


class Faces(nn.Module):
    """MTCNN's first network: few channels, PReLU, pooling with a last window beyond the edge."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 10, 3), nn.PReLU(10), nn.MaxPool2d(2, 2, ceil_mode=True), nn.Conv2d(10, 16, 3), nn.PReLU(16),
            nn.Conv2d(16, 32, 3), nn.PReLU(32))
        self.scores, self.boxes = nn.Conv2d(32, 2, 1), nn.Conv2d(32, 4, 1)

    def forward(self, x):
        x = self.layers(x)
        return torch.cat([torch.softmax(self.scores(x), 1), self.boxes(x)], 1)


class Diffusion(nn.Module):
    """A U-Net of a diffusion model: normalization of groups, SiLU, attention over pixels."""

    class Residual(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.first = nn.Sequential(nn.GroupNorm(8, inputs), nn.SiLU(), nn.Conv2d(inputs, outputs, 3, 1, 1))
            self.second = nn.Sequential(nn.GroupNorm(8, outputs), nn.SiLU(), nn.Conv2d(outputs, outputs, 3, 1, 1))
            self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

        def forward(self, x):
            return self.skip(x) + self.second(self.first(x))

    class Attention(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.norm, self.all, self.last = nn.GroupNorm(8, width), nn.Conv2d(width, 3 * width, 1), nn.Conv2d(width, width, 1)

        def forward(self, x):
            n, c, h, w = x.shape
            q, k, v = self.all(self.norm(x)).reshape(n, 3, 4, c // 4, h * w).unbind(1)
            weights = torch.softmax(q.transpose(-1, -2) @ k * (c // 4) ** -0.5, -1)
            return x + self.last((v @ weights.transpose(-1, -2)).reshape(n, c, h, w))

    def __init__(self):
        super().__init__()
        residual = Diffusion.Residual
        self.first, self.to_half, self.to_quarter = nn.Conv2d(3, 64, 3, 1, 1), nn.Conv2d(64, 64, 3, 2, 1), nn.Conv2d(128, 128, 3, 2, 1)
        self.down = nn.ModuleList([residual(64, 64), residual(64, 128)])
        self.middle = nn.Sequential(residual(128, 128), Diffusion.Attention(128), residual(128, 128))
        self.up = nn.ModuleList([residual(256, 64), residual(128, 64)])
        self.last = nn.Sequential(nn.GroupNorm(8, 64), nn.SiLU(), nn.Conv2d(64, 3, 3, 1, 1))

    def forward(self, x):
        a = self.down[0](self.first(x))
        b = self.down[1](self.to_half(a))
        y = self.middle(self.to_quarter(b))
        y = self.up[0](torch.cat([F.interpolate(y, scale_factor=2.0, mode='nearest'), b], 1))
        return self.last(self.up[1](torch.cat([F.interpolate(y, scale_factor=2.0, mode='nearest'), a], 1)))


def timm_network(name):
    def make():
        import timm
        return timm.create_model(name, pretrained=False, exportable=True)
    return make


def torchvision_network(name, **options):
    def make():
        import torchvision
        return getattr(torchvision.models, name)(weights=None, **options)
    return make


def segmentation(name):
    def make():
        import torchvision
        return getattr(torchvision.models.segmentation, name)(weights=None, weights_backbone=None)
    return make


def clips():
    import torchvision
    return torchvision.models.video.r3d_18(weights=None)


def ultralytics_network(name):
    def make():
        from ultralytics.nn.tasks import DetectionModel, SegmentationModel
        kind = SegmentationModel if 'seg' in name else DetectionModel
        network = kind(f'{name}.yaml', verbose=False).fuse(verbose=False)
        network.model[-1].export, network.model[-1].format = True, 'onnx'
        return network
    return make


TIMM = '''beitv2_base_patch16_224 cait_xxs24_224 coatnet_0_rw_224 convmixer_768_32@160 convnextv2_atto crossvit_tiny_240@240 cspresnet50
davit_tiny deit_small_patch16_224 dla34 dm_nfnet_f0@192 edgenext_small@256 efficientformer_l1 ese_vovnet19b_dw eva02_tiny_patch14_224
fastvit_t8@256 focalnet_tiny_srf gcvit_xxtiny ghostnet_100 hgnetv2_b0 hiera_tiny_224 hrnet_w18_small inception_v4@299 levit_128
maxvit_tiny_rw_224 mixer_s16_224 mixnet_s mobilenetv4_conv_small mobileone_s0 mvitv2_tiny nextvit_small poolformer_s12 pvt_v2_b0
regnetz_b16 repvgg_a0 repvit_m1 res2net50_26w_4s resnest14d rexnet_100 selecsls42 skresnet18 starnet_s1 tiny_vit_5m_224 tinynet_a@192
twins_svt_small visformer_tiny vit_base_patch16_224 xcit_nano_12_p16_224'''
NETWORKS = {}
for entry in TIMM.split():
    name, _, side = entry.partition('@')
    NETWORKS[name] = (timm_network(name), (1, 3, int(side or 224), int(side or 224)))
for name, side, options in [
        ('alexnet', 224, {}), ('efficientnet_b3', 300, {}), ('efficientnet_v2_s', 224, {}),
        ('googlenet', 224, dict(aux_logits=False, init_weights=False)),
        ('inception_v3', 299, dict(aux_logits=False, init_weights=False)), ('mnasnet1_0', 224, {}), ('regnet_x_800mf', 224, {}),
        ('resnet50', 224, {}), ('swin_v2_t', 256, {}), ('vgg11_bn', 224, {})]:
    NETWORKS[name] = (torchvision_network(name, **options), (1, 3, side, side))
NETWORKS |= {
    'fcn_resnet50': (segmentation('fcn_resnet50'), (1, 3, 224, 224)),
    'lraspp': (segmentation('lraspp_mobilenet_v3_large'), (1, 3, 320, 320)),
    'r3d_18': (clips, (1, 3, 8, 56, 56)),
    'yolov5n': (ultralytics_network('yolov5n'), (1, 3, 640, 640)),
    'yolov8n': (ultralytics_network('yolov8n'), (1, 3, 640, 640)),
    'yolov8n-seg': (ultralytics_network('yolov8n-seg'), (1, 3, 320, 320)),
    'yolov10n': (ultralytics_network('yolov10n'), (1, 3, 640, 640)),
    'audio': (Audio, (1, 1, 8000)), 'series': (Series, (1, 40, 200)), 'generator': (Generator, (1, 100, 1, 1)),
    'style': (Style, (1, 3, 224, 224)), 'espcn': (SubPixel, (1, 1, 224, 224)), 'rrdb': (Dense, (1, 3, 96, 96)),
    'dncnn': (Denoiser, (1, 1, 160, 160)), 'erfnet': (Factorized, (1, 3, 256, 256)), 'faces': (Faces, (1, 3, 240, 320)),
    'diffusion': (Diffusion, (1, 3, 64, 64)),
}


def export(name, folder):
    make, shape = NETWORKS[name]
    torch.manual_seed(0)
    network = make().eval()
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.7, 1.3)
            with torch.no_grad():
                module.weight.uniform_(0.7, 1.3)
                module.bias.normal_(0, 0.1)
    path = f'{folder}/{name}.onnx'
    network, x = First(network).eval(), torch.randn(*shape)
    with torch.no_grad():
        torch.onnx.export(
            network, (x,), f'{path}.part', opset_version=17, input_names=['input'], output_names=['output'], dynamo=False)
        # What infer.py feeds every engine, and what it compares.
        np.savez(f'{folder}/{name}_io.npz', x=x.numpy(), y=network(x).numpy())
    os.replace(f'{path}.part', path)


if __name__ == '__main__':
    without_compiled_operators()
    torch.set_num_threads(1)
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name in sys.argv[2:] or NETWORKS:
        if os.path.exists(f'{folder}/{name}.onnx'):
            continue
        try:
            export(name, folder)
        except Exception as error:  # one network that a version cannot export must not stop the others
            print(f'{name}: left out: {str(error).strip().splitlines()[-1][:150]}', file=sys.stderr, flush=True)
