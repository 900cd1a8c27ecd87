"""The student: a small residual network of plain 3x3 convolutions, GeM pooling, a linear layer, batch normalisation, length 1."""
import torch
from torch import nn
from torch.nn import functional as F

MEAN, STD = 0.45, 0.25


class Block(nn.Module):
    def __init__(self, inside, outside, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outside)
        self.skip = None
        if stride != 1 or inside != outside:
            self.skip = nn.Sequential(nn.AvgPool2d(stride, ceil_mode=True) if stride > 1 else nn.Identity(),
                                      nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside))
        nn.init.zeros_(self.bn2.weight)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + (x if self.skip is None else self.skip(x)))


class Student(nn.Module):
    """In: [N,3,S,S] of pixels / 255. Out: [N,256] of length 1."""

    def __init__(self, dim=256):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU())
        self.body = nn.Sequential(Block(32, 64, 2), Block(64, 64, 1), Block(64, 128, 2), Block(128, 128, 1), Block(128, 256, 2), Block(256, 256, 1))
        self.power = nn.Parameter(torch.tensor(3.0))
        self.head = nn.Linear(256, dim)
        self.norm = nn.BatchNorm1d(dim)

    def forward(self, x):
        x = self.body(self.stem((x - MEAN) / STD))
        x = x.float().clamp(min=1e-4).pow(self.power).mean((2, 3)).pow(1 / self.power)
        return F.normalize(self.norm(self.head(x)).float())


class Whitened(nn.Module):
    """The student, its descriptors centred, rotated to the principal axes of training pictures and stretched softly (whiten.py), length 1 again."""

    def __init__(self, student, mean, matrix):
        super().__init__()
        self.student = student
        self.mean, self.matrix = nn.Parameter(mean, requires_grad=False), nn.Parameter(matrix, requires_grad=False)

    def forward(self, x):
        return F.normalize((self.student(x) - self.mean) @ self.matrix)


def load_student(path):
    """(student, checkpoint) of a state.pt of train.py or of a float16 checkpoint.pt, for inference."""
    checkpoint = torch.load(path)
    student = Student()
    student.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in checkpoint['average'].items()})
    return student.eval(), checkpoint


def load_whitened(path):
    """(model, checkpoint) of a checkpoint.pt that whiten.py wrote."""
    student, checkpoint = load_student(path)
    return Whitened(student, *(v.float() for v in checkpoint['after'])).eval(), checkpoint
